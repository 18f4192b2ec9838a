import { expect, test } from 'vitest';

import {
  beside,
  countAt,
  linesAt,
  readings,
  written,
} from '../../../src/explorer/timeline/readings';
import { facts, line, row } from './made';

test.each([
  [0.534, '.2f', '0.53'],
  [23.4, '+.0f', '+23'],
  [-0.2, '+.0f', '0'],
  [0.2, '+.0f', '0'],
  [-12.5, '+.0f', '-13'],
])('%d as %s is written %s', (value, number, text) => {
  expect(written(value, number)).toBe(text);
});

const lines = [line('a', [0, 1, 2], [0.1, 0.2, 0.3]), line('b', [0, 9], [0.5, 0.6], 1)];

test('every line that has a sample near is read', () => {
  expect(readings(row({ lines }), 1.1, 4, null)).toEqual([
    { participant: 'a', slot: 0, value: 0.2, text: '0.20' },
  ]);
  expect(readings(row({ lines }), 0, 4, null).map(one => one.participant)).toEqual(['a', 'b']);
});

test('where there is no place for all, one is read', () => {
  expect(readings(row({ lines }), 0, 1, null)).toEqual([]);
  expect(readings(row({ lines }), 0, 1, lines[1] ?? null)).toEqual([
    { participant: 'b', slot: 0, value: 0.5, text: '0.50' },
  ]);
  // Of another room it is another line.
  expect(readings(row({ lines }), 0, 1, line('b', [], [], 0, 'other'))).toEqual([]);
});

test('a median is read with its number of lines, then the chosen line', () => {
  const median = { line: line('median', [0, 1], [0.4, 0.6]), of: Float64Array.from([24, 23]) };
  const middle = row({ lines, median, facts: facts({ reach_sec: 0.5 }) });
  expect(readings(middle, 1, 9, lines[0] ?? null)).toEqual([
    { participant: null, slot: 0, value: 0.6, text: '0.60' },
    { participant: 'a', slot: 2, value: 0.2, text: '0.20' },
  ]);
  expect(countAt(middle, 1)).toBe(23);
  expect(countAt(middle, 7)).toBeNull();
  expect(countAt(row({ lines }), 1)).toBeNull();
});

test('lines at a moment go row by row from the highest down, and one is left at the ends', () => {
  const rows = [row({ lines }), row({ lines: [line('c', [0], [3])] }), row()];
  const found = linesAt(rows, 0);
  expect(found.map(one => [one.row, one.line.participant])).toEqual([
    [0, 'b'],
    [0, 'a'],
    [1, 'c'],
  ]);
  let now: ReturnType<typeof beside> = null;
  const walked = ([1, 1, 1, 1, -1] as const).map(by => {
    now = beside(found, now, by);
    return now?.line.participant;
  });
  expect(walked).toEqual(['b', 'a', 'c', 'c', 'a']);
  expect(beside(linesAt(rows, 5), null, 1)).toBeNull();
});
