import { expect, test } from 'vitest';

import {
  begin,
  dragged,
  edgeAt,
  type Ground,
  pinched,
  pixelAt,
  secAt,
  selected,
  wheeled,
} from '../../../src/explorer/timeline/drags';
import { length, shareOf } from '../../../src/explorer/timeline/span';

const ground = (change: Partial<Ground> = {}): Ground => ({
  window: [100, 200],
  domain: [0, 1000],
  selection: null,
  width: 500,
  ...change,
});

test('a plain drag selects between two moments, whichever way it goes', () => {
  const drag = begin(50, false, ground());
  expect(drag).toEqual({ kind: 'select', fixed: 110 });
  expect(selected(110, 100.003, ground())).toEqual([110, 120.001]);
  expect(selected(110, 20, ground())).toEqual([104, 110]);
  expect(selected(110, 9_999, ground({ domain: [0, 150] }))).toEqual([110, 150]);
});

test('an edge of the selection is taken, the other stays', () => {
  const marked = ground({ selection: [120, 160] });
  expect(edgeAt(pixelAt(160, marked) + 4, marked)).toBe('end');
  expect(edgeAt(pixelAt(120, marked) - 4, marked)).toBe('start');
  expect(edgeAt(pixelAt(140, marked), marked)).toBeNull();
  expect(begin(pixelAt(160, marked), false, marked)).toEqual({ kind: 'select', fixed: 120 });
  expect(begin(pixelAt(120, marked), false, marked)).toEqual({ kind: 'select', fixed: 160 });
  // Inside of it a new one begins.
  expect(begin(pixelAt(140, marked), false, marked)).toEqual({ kind: 'select', fixed: 140 });
});

test('both edges under the pointer: it goes on to the right', () => {
  expect(edgeAt(100, ground({ selection: [120, 120] }))).toBe('end');
});

test('with Shift the moment under the pointer follows it', () => {
  const drag = begin(250, true, ground());
  if (drag.kind !== 'pan') {
    throw new Error('Shift did not pan');
  }
  const window = dragged(drag, 100, ground());
  expect(window).toEqual([130, 230]);
  expect(secAt(100, ground({ window }))).toBe(secAt(250, ground()));
  expect(dragged(drag, 2_000, ground())).toEqual([0, 100]);
});

test('the wheel zooms at the pointer, the same for lines and pixels', () => {
  const closer = wheeled(125, { deltaY: -40, deltaMode: 0 }, ground());
  expect(length(closer)).toBeLessThan(100);
  expect(shareOf(125, closer)).toBeCloseTo(0.25, 9);
  expect(wheeled(125, { deltaY: -3, deltaMode: 1 }, ground())).toEqual(
    wheeled(125, { deltaY: -90, deltaMode: 0 }, ground()),
  );
  expect(length(wheeled(125, { deltaY: 40, deltaMode: 0 }, ground()))).toBeGreaterThan(100);
  // However far a wheel says that it turned, one turn is one step.
  expect(wheeled(0, { deltaY: 1e6, deltaMode: 0 }, ground())).toEqual(
    wheeled(0, { deltaY: 60, deltaMode: 0 }, ground()),
  );
});

test('two fingers keep the moments that they touched', () => {
  const touched = [secAt(100, ground()), secAt(400, ground())] as const;
  const window = pinched(touched, [50, 450], ground());
  const now = ground({ window });
  expect(secAt(50, now)).toBeCloseTo(touched[0], 9);
  expect(secAt(450, now)).toBeCloseTo(touched[1], 9);
  // Fingers that crossed do not turn the window around.
  expect(length(pinched(touched, [300, 299], ground()))).toBeGreaterThan(0);
});
