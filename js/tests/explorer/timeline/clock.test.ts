import { expect, test } from 'vitest';

import { clock, decimalsOf, lasting, tickStep, ticks } from '../../../src/explorer/timeline/clock';

test.each([
  [83, 0, '1:23'],
  [-5, 0, '-0:05'],
  [83.26, 1, '1:23.3'],
  [59.96, 1, '1:00.0'],
  [3599.9999, 3, '60:00.000'],
  [-0.0004, 3, '0:00.000'],
  [0.0625, 3, '0:00.063'],
])('%d s with %d decimals reads %s', (sec, decimals, text) => {
  expect(clock(sec, decimals)).toBe(text);
});

test('ticks are round, inside, and never too many', () => {
  for (const [start, end] of [
    [-82.361, 626.477],
    [12.001, 12.03],
    [0, 86_400 * 9],
    [-5, 5],
  ] as const) {
    const step = tickStep(end - start, 12);
    const found = ticks([start, end], step);
    expect(found.length).toBeGreaterThan(1);
    expect(found.length).toBeLessThanOrEqual(13);
    for (const one of found) {
      expect(one).toBeGreaterThanOrEqual(start);
      expect(one).toBeLessThanOrEqual(end);
      expect(Math.abs(one / step - Math.round(one / step))).toBeLessThan(1e-6);
    }
  }
  expect(ticks([-20, 100], 30)).toEqual([0, 30, 60, 90].map(one => one + 0));
  expect(ticks([0.1, 0.2], 60)).toEqual([]);
});

test('decimals tell neighbouring ticks apart', () => {
  for (const step of [0.001, 0.002, 0.01, 0.05, 0.1, 0.5, 1, 30]) {
    expect(clock(60, decimalsOf(step))).not.toBe(clock(60 + step, decimalsOf(step)));
  }
});

test.each([
  [0.35, '350 ms'],
  [12.44, '12.4 s'],
  [185, '3:05 min'],
])('%d s last %s', (sec, text) => {
  expect(lasting(sec)).toBe(text);
});
