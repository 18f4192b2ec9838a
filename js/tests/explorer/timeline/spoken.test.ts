import { expect, test } from 'vitest';

import type { Frame } from '../../../src/explorer/timeline/frame';
import { described, moment, spoken } from '../../../src/explorer/timeline/spoken';
import { tipOf } from '../../../src/explorer/timeline/tip';
import { answer, facts, line, row } from './made';

const frame = {
  answer: answer(),
  rows: [
    row({ lines: [line('a', [0, 1], [0.25, 0.75]), line('b', [0, 1], [0.5, 0.5], 1)] }),
    row({
      facts: facts({ name: 'events', kind: 'points', title: 'Events', y: null }),
      points: [{ onset_sec: 1 }],
    }),
  ],
} as unknown as Frame;

test('the chart is said in sentences', () => {
  expect(described(frame, [0, 100], null)).toBe(
    'All is shown, 0:00 to 1:40. Rating · valence: 2 lines, 0.25 to 0.75. Events: 1 mark.',
  );
  expect(described(frame, [10, 20], [12, 13.5])).toContain(
    'Shown is 0:10.0 to 0:20.0 of 0:00 to 1:40. Selected is 0:12.00 to 0:13.50, 1.5 s.',
  );
});

test('the values at the cursor are said', () => {
  expect(spoken(frame, [0, 100], 1)).toBe('0:01: Rating · valence a 0.75, Rating · valence b 0.50');
  expect(spoken(frame, [0, 100], 50)).toBe('0:50: no value');
});

test('a moment is said as exactly as it can be seen', () => {
  expect(moment(83.2567, [0, 600])).toBe('1:23');
  expect(moment(83.2567, [80, 90])).toBe('1:23.3');
  expect(moment(83.2567, [83, 83.1])).toBe('1:23.257');
});

test('a tooltip says what a mark holds, as text; what is empty is left out', () => {
  const tips = [
    ['onset_sec', 'time', 'tenths'],
    ['participant', 'participant', 'text'],
    ['content', 'content', 'text'],
    ['count', 'events here', 'count'],
    ['length_sec', 'length', 'length'],
    ['value', 'rating', 'unit'],
  ] as const;
  const point = {
    onset_sec: 83.25,
    participant: '<b>p',
    content: null,
    count: 3,
    open: true,
    value: 0.5,
  };
  expect(tipOf(point, facts({ tips }))).toEqual([
    ['time', '1:23.3'],
    ['participant', '<b>p'],
    ['events here', '3'],
    ['length', 'not known'],
    ['rating', '0.50'],
  ]);
});
