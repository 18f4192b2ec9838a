import { expect, test } from 'vitest';

import {
  clamp,
  LEAST_SEC,
  length,
  momentAt,
  overlap,
  panned,
  type Span,
  shareOf,
  snap,
  snapped,
  within,
  zoomed,
} from '../../../src/explorer/timeline/span';

const DOMAIN: Span = [-82.361, 626.477];
/** Numbers that repeat from run to run, spread over 0 to 1. */
const spread = Array.from({ length: 200 }, (_, at) => (at * 0.618033988749895) % 1);

test('bounds are whole milliseconds, in order', () => {
  expect(snap(1.23456)).toBe(1.235);
  expect(snapped([9.00049, 1.9996])).toEqual([2, 9]);
  for (const one of spread) {
    const ms = snap(one * 700 - 80) * 1000;
    expect(Math.abs(ms - Math.round(ms))).toBeLessThan(1e-6);
  }
});

test('the moment under the pointer stays where it is while the window zooms', () => {
  for (const [at, share] of spread.entries()) {
    const window: Span = [100 + at, 300 + 2 * at];
    const sec = momentAt(share, window);
    const factor = 2 ** (4 * ((spread[at] ?? 0) - 0.8));
    const next = zoomed(window, DOMAIN, factor, sec);
    const isFree = next[0] > DOMAIN[0] && next[1] < DOMAIN[1];
    if (isFree) {
      expect(shareOf(sec, next)).toBeCloseTo(share, 9);
      expect(length(next)).toBeCloseTo(length(window) * factor, 9);
    }
  }
});

test('no zoom and no pan leaves the domain, or turns a window around', () => {
  let window: Span = DOMAIN;
  for (const [at, share] of spread.entries()) {
    const step = spread[(at * 7) % spread.length] ?? 0;
    window =
      at % 3
        ? zoomed(window, DOMAIN, 2 ** (3 * step - 1.6), momentAt(share, window))
        : panned(window, DOMAIN, (step - 0.5) * 400);
    expect(window[0]).toBeGreaterThanOrEqual(DOMAIN[0]);
    expect(window[1]).toBeLessThanOrEqual(DOMAIN[1] + 1e-9);
    expect(length(window)).toBeGreaterThanOrEqual(LEAST_SEC - 1e-9);
  }
});

test('zooming out ends at everything, zooming in at the shortest window', () => {
  expect(zoomed([10, 20], DOMAIN, 1e9, 15)).toBe(DOMAIN);
  expect(length(zoomed([10, 20], DOMAIN, 1e-9, 15))).toBeCloseTo(LEAST_SEC, 9);
  expect(zoomed([0, 0.01], [0, 0.01], 0.1, 0)).toEqual([0, 0.01]);
});

test('a pan at the edge keeps the width', () => {
  for (const [by, start] of [
    [100, 606.477],
    [-1000, -82.361],
  ] as const) {
    const window = panned([600, 620], DOMAIN, by);
    expect(window[0]).toBeCloseTo(start, 9);
    expect(length(window)).toBeCloseTo(20, 9);
  }
});

test.each<[Span, Span]>([
  [
    [-100, 10],
    [-82.361, 27.639],
  ],
  [[0, 5000], DOMAIN],
  [
    [7, 8],
    [7, 8],
  ],
])('%j lies inside the domain as %j', (window, inside) => {
  const found = within(window, DOMAIN);
  expect(found[0]).toBeCloseTo(inside[0], 9);
  expect(found[1]).toBeCloseTo(inside[1], 9);
});

test('closed spans meet in their ends', () => {
  expect(overlap([0, 1], [1, 2])).toBe(true);
  expect(overlap([0, 1], [1.001, 2])).toBe(false);
  expect(clamp(5, [0, 1])).toBe(1);
});
