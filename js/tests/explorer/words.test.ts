import { expect, test } from 'vitest';

import { arranged, cellText, columnWidth, copyText } from '../../src/explorer/records/cells';
import { HEAD_ROW, moved } from '../../src/explorer/records/grid_keys';
import {
  brief,
  clock,
  count,
  counted,
  instant,
  iso,
  lasting,
  onsetText,
} from '../../src/explorer/words';

test('numbers of things', () => {
  expect(count(255_896)).toBe('255,896');
  expect(counted(1, 'room')).toBe('1 room');
  expect(counted(2_000, 'room')).toBe('2,000 rooms');
  expect([0, 999, 1_000, 9_949, 9_950, 255_896, 999_499, 999_500, 10_000_000].map(brief)).toEqual([
    '0',
    '999',
    '1k',
    '9.9k',
    '10k',
    '256k',
    '999k',
    '1M',
    '10M',
  ]);
});

test('lengths of time', () => {
  expect([0.2, 15, 89, 90, 3_599, 7_200].map(lasting)).toEqual([
    '1 s',
    '15 s',
    '89 s',
    '2 min',
    '60 min',
    '2 h',
  ]);
  expect([0, 59.6, 751, 3_723, -5].map(clock)).toEqual([
    '0:00',
    '1:00',
    '12:31',
    '1:02:03',
    '-0:05',
  ]);
});

test.each([
  [0, '0:00'],
  [90.25, '1:30.25'],
  [-5, '-0:05'],
  [0.001, '0:00.001'],
  [3_723.5, '1:02:03.5'],
  [59.9996, '1:00'],
  [59.999, '0:59.999'],
])('an onset of %d s is typed as %s', (sec, text) => {
  expect(onsetText(sec)).toBe(text);
});

test('instants are UTC, and a broken one is no crash', () => {
  const ms = Date.UTC(2026, 2, 2, 15, 4, 21, 250);
  expect(instant(ms)).toBe('2026-03-02 15:04:21.250');
  expect(iso(ms)).toBe('2026-03-02T15:04:21.250Z');
  expect(iso(Number.NaN)).toBe('');
});

const column = (
  name: string,
  kind: 'text' | 'number' | 'whole' | 'truth' | 'instant' | 'nested',
) => ({
  name,
  kind,
  unit: '',
  meaning: '',
});

test('a cell shows one line, and copies exactly', () => {
  expect(cellText(0.1 + 0.2, column('value', 'number'))).toBe('0.3');
  expect(copyText(0.1 + 0.2, 'number')).toBe('0.30000000000000004');
  expect(cellText(12, column('onset_sec', 'number'))).toBe('12.000');
  expect(cellText(true, column('success', 'truth'))).toBe('true');
  expect(cellText(null, column('value', 'number'))).toBe('');
  expect(copyText(0, 'instant')).toBe('1970-01-01T00:00:00.000Z');
  expect(copyText('{"a": 1}', 'nested')).toBeNull();
  expect(copyText(null, 'text')).toBe('');
});

test('a column is as wide as its name and its values, within bounds', () => {
  const short = columnWidth(column('x', 'whole'), [1, 2]);
  const named = columnWidth(column('a_rather_long_name', 'whole'), [1, 2]);
  const endless = columnWidth(column('x', 'text'), ['w'.repeat(5_000)]);
  expect(short).toBeLessThan(named);
  expect(endless).toBeLessThan(300);
});

test.each([
  ['ArrowDown', false, [1, 1]],
  ['ArrowUp', false, [HEAD_ROW, 1]],
  ['ArrowLeft', false, [0, 0]],
  ['ArrowRight', false, [0, 2]],
  ['PageDown', false, [10, 1]],
  ['End', false, [0, 2]],
  ['End', true, [99, 2]],
  ['Home', true, [0, 0]],
  ['ArrowDown', true, [99, 1]],
  ['c', true, null],
  ['x', false, null],
])('in the grid, %s (with Ctrl: %j) leads to %j', (key, ctrlKey, leads) => {
  const event = { key, ctrlKey, metaKey: false, altKey: false };
  const next = moved(event, { row: 0, column: 1 }, 100, 3, 10);
  expect(next && [next.row, next.column]).toEqual(leads);
});

test('when and who come first, IDs that say little last', () => {
  const ratings = ['ratingId', 'experimentId', 'roomId', 'participantId', 'value', 'onset_sec'];
  expect(arranged(ratings, true)).toEqual([
    'onset_sec',
    'participantId',
    'value',
    'ratingId',
    'experimentId',
    'roomId',
  ]);
  expect(arranged(ratings, false).slice(0, 4)).toEqual([
    'onset_sec',
    'participantId',
    'roomId',
    'value',
  ]);
  expect(arranged(['participantId', 'role', 'roomId'], true)).toEqual([
    'participantId',
    'role',
    'roomId',
  ]);
  expect(arranged([], true)).toEqual([]);
});
