import { columnFromArray, float64, tableFromColumns } from '@uwdata/flechette';
import { expect, test } from 'vitest';

import type { TimelineAnswer } from '../../../src/contract';
import { isWhole, knownOf, nextFrame } from '../../../src/explorer/timeline/frame';
import { answer, facts } from './made';

const ROOM = { kind: 'room', id: 'r', room: null } as const;

const samples = (onset: number[]) =>
  tableFromColumns({
    onset_sec: columnFromArray(onset, float64()),
    value: columnFromArray(onset, float64()),
    begins: columnFromArray(onset.map((_, at) => at === 0)),
  });
const lines = (count: number, participant = 'a') =>
  tableFromColumns({
    participant: columnFromArray([participant]),
    room: columnFromArray(['r']),
    slot: columnFromArray([0]),
    count: columnFromArray([count]),
  });
const events = tableFromColumns({
  onset_sec: columnFromArray([1, 2], float64()),
  participant: columnFromArray(['a', '<img src=x>']),
});

function said(version: string, change: Partial<TimelineAnswer> = {}): TimelineAnswer {
  const rows = [facts(), facts({ name: 'events', kind: 'points', y: null, whole: true })];
  const ids = { ratings_1: `${version}/r`, ratings_1_lines: `${version}/l`, events: 'all/e' };
  return answer({ ids, about: { ...answer().about, rows }, ...change });
}

const first = () =>
  nextFrame(null, ROOM, said('one'), {
    ratings_1: samples([0, 50, 100]),
    ratings_1_lines: lines(3),
    events,
  });

test('an answer becomes rows; what is traced is not given to Vega', () => {
  const frame = first();
  expect(frame.rows.map(row => row.facts.name)).toEqual(['ratings_1', 'events']);
  expect([...frame.datasets.keys()]).toEqual(['events']);
  expect(frame.rows[1]?.points[1]?.participant).toBe('<img src=x>');
  expect(knownOf(frame)).toEqual(['spec', 'one/r', 'one/l', 'all/e']);
  expect(isWhole(frame)).toBe(false);
});

test('what is held is not sent again, and stays the very same', () => {
  const one = first();
  const two = nextFrame(one, ROOM, said('two', { spec: null, window: [10, 20] }), {
    ratings_1: samples([10, 15, 20]),
    ratings_1_lines: lines(3),
  });
  expect(two.spec).toBe(one.spec);
  expect(two.datasets.get('events')).toBe(one.datasets.get('events'));
  expect(two.rows[1]?.points).toBe(one.rows[1]?.points);
  expect(two.rows[0]?.window).toEqual([10, 20]);
  expect(two.rows[1]?.window).toEqual([0, 100]);
});

test('around a window the lines over everything stay, while they are the same lines', () => {
  const one = first();
  const tables = { ratings_1: samples([10, 15, 20]), ratings_1_lines: lines(3) };
  const two = nextFrame(one, ROOM, said('two', { window: [10, 20] }), tables);
  expect(two.rows[0]?.coarse).toBe(one.rows[0]?.lines);
  const three = nextFrame(two, ROOM, said('three', { window: [10, 20] }), {
    ...tables,
    ratings_1_lines: lines(3, 'b'),
  });
  expect(three.rows[0]?.coarse).toEqual([]);
});

test('an answer that lacks what it names is refused', () => {
  expect(() => nextFrame(null, ROOM, said('one'), { events })).toThrow(
    'the data ratings_1 did not come',
  );
  expect(() => nextFrame(null, ROOM, said('one', { spec: null }), {})).toThrow('the chart');
});
