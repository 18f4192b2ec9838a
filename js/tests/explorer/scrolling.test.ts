import { describe, expect, test } from 'vitest';

import {
  HEIGHT_MAX,
  type Measures,
  type Place,
  placeAt,
  revealed,
  rowsInView,
  START,
  scrolled,
  scrolledHeight,
  settled,
} from '../../src/explorer/parts/scrolling';

const FEW: Measures = { rows: 1_000, rowHeight: 28, viewHeight: 280 };
const MANY: Measures = { rows: 10_000_000, rowHeight: 28, viewHeight: 280 };
const END = HEIGHT_MAX - 280;

describe('a list that a browser can hold', () => {
  test('is scrolled as it is', () => {
    expect(scrolledHeight(FEW)).toBe(28_000);
    expect(scrolled(START, 2_800, FEW)).toEqual({ top: 2_800, scrollTop: 2_800 });
    expect(placeAt(2_800, FEW)).toEqual({ top: 2_800, scrollTop: 2_800 });
  });

  test('draws the rows in view and a few beyond', () => {
    expect(rowsInView(START, FEW)).toEqual([0, 14]);
    expect(rowsInView(placeAt(2_814, FEW), FEW)).toEqual([96, 115]);
    expect(rowsInView(placeAt(Number.MAX_VALUE, FEW), FEW)).toEqual([986, 1_000]);
  });

  test('of nothing has nothing to draw', () => {
    const none = { ...FEW, rows: 0 };
    expect(rowsInView(placeAt(100, none), none)).toEqual([0, 0]);
    expect(scrolled(START, 0, none)).toEqual(START);
  });
});

describe('ten million rows', () => {
  test('are never higher than a browser takes', () => {
    expect(scrolledHeight(MANY)).toBe(HEIGHT_MAX);
  });

  test('can all be reached: the scrollbar is a scale', () => {
    expect(rowsInView(scrolled(START, END, MANY), MANY)[1]).toBe(10_000_000);
    const [first] = rowsInView(scrolled(START, END / 2, MANY), MANY);
    expect(first).toBeCloseTo(5_000_000, -2);
    expect(scrolled(placeAt(1e9, MANY), 0, MANY).top).toBe(0);
  });

  test('move pixel by pixel under the wheel', () => {
    const middle = placeAt(140_000_000, MANY);
    const next = scrolled(middle, middle.scrollTop + 100, MANY);
    expect(next.top).toBe(140_000_100);
    const back = scrolled(next, next.scrollTop - 100, MANY);
    expect(back.top).toBe(140_000_000);
  });

  test('keep their place when the scrollbar settles', () => {
    let place: Place = placeAt(140_000_000, MANY);
    for (let turn = 0; turn < 50; turn++) {
      place = scrolled(place, place.scrollTop + 100, MANY);
    }
    const still = settled(place, MANY);
    expect(still.top).toBe(place.top);
    expect(scrolled(still, still.scrollTop, MANY).top).toBeCloseTo(still.top, 3);
  });
});

test('a row is brought into view by the shortest way', () => {
  expect(revealed(5, START, FEW)).toBe(START);
  expect(revealed(20, START, FEW).top).toBe(21 * 28 - 280);
  expect(revealed(2, placeAt(2_800, FEW), FEW).top).toBe(56);
  const last = revealed(9_999_999, START, MANY);
  expect(rowsInView(last, MANY)[1]).toBe(10_000_000);
});
