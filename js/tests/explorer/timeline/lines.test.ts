import { columnFromArray, float64, tableFromColumns } from '@uwdata/flechette';
import { expect, test } from 'vitest';

import {
  type Line,
  linesOf,
  medianOf,
  nearest,
  place,
  samplesIn,
  trace,
} from '../../../src/explorer/timeline/lines';

const line = (onset: number[], value: number[], begins: number[] = [0]): Line => ({
  participant: 'p',
  room: 'r',
  slot: 0,
  onset: Float64Array.from(onset),
  value: Float64Array.from(value),
  begins: Uint8Array.from(onset, (_, at) => Number(begins.includes(at))),
});

/** What a pen was told, as text: `M0,1 L2,3`. */
function traced(one: Line, start: number, end: number): string {
  const told: string[] = [];
  const pen = {
    moveTo: (x: number, y: number) => told.push(`M${x},${y}`),
    lineTo: (x: number, y: number) => told.push(`L${x},${y}`),
  };
  trace(
    pen,
    one,
    [start, end],
    sec => sec,
    value => value,
  );
  return told.join(' ');
}

test('a line runs through its samples and is cut at the window', () => {
  const ramp = line([0, 10, 20, 30], [0, 100, 200, 300]);
  expect(traced(ramp, 0, 30)).toBe('M0,0 L10,100 L20,200 L30,300');
  expect(traced(ramp, 5, 25)).toBe('M5,50 L10,100 L20,200 L25,250');
  // No sample inside: it still crosses.
  expect(traced(ramp, 12, 18)).toBe('M12,120 L18,180');
  expect(traced(ramp, 40, 50)).toBe('');
  expect(traced(ramp, -9, -1)).toBe('');
});

test('a gap is left open, also at the edges of the window', () => {
  const gap = line([0, 10, 50, 60], [1, 2, 3, 4], [0, 2]);
  expect(traced(gap, 0, 60)).toBe('M0,1 L10,2 M50,3 L60,4');
  expect(traced(gap, 20, 40)).toBe('');
  expect(traced(gap, 5, 40)).toBe('M5,1.5 L10,2');
  expect(traced(gap, 20, 55)).toBe('M50,3 L55,3.5');
});

test('a sample alone is a dot', () => {
  expect(traced(line([5], [1]), 0, 10)).toBe('M5,1 L5,1');
  expect(traced(line([0, 50, 90], [1, 2, 3], [0, 1, 2]), 0, 100)).toBe(
    'M0,1 L0,1 M50,2 L50,2 M90,3 L90,3',
  );
  expect(traced(line([], []), 0, 10)).toBe('');
});

test('samples of one moment are all there', () => {
  expect(traced(line([1, 1, 1], [0, 5, 2]), 0, 2)).toBe('M1,0 L1,5 L1,2');
});

test('places and the nearest sample agree with a plain search', () => {
  const onset = Array.from({ length: 60 }, (_, at) => (at * at) / 7);
  const one = line(onset, onset);
  for (let sec = -3; sec < 520; sec += 1.3) {
    expect(place(one.onset, sec)).toBe(onset.filter(at => at < sec).length);
    const distances = onset.map(at => Math.abs(at - sec));
    const least = Math.min(...distances);
    const found = nearest(one, sec, 2);
    expect(found).toBe(least <= 2 ? distances.indexOf(least) : -1);
  }
  expect(nearest(line([], []), 0, 1e9)).toBe(-1);
  expect(samplesIn(one, [10, 100])).toBe(onset.filter(at => at >= 10 && at < 100).length);
});

test('lines are read from their tables without copying samples', () => {
  const samples = tableFromColumns({
    onset_sec: columnFromArray([0, 1, 2, 0, 9], float64()),
    value: columnFromArray([0.1, 0.2, 0.3, 0.4, 0.5], float64()),
    begins: columnFromArray([true, false, false, true, true]),
  });
  const lines = tableFromColumns({
    participant: columnFromArray(['<b>a', 'b']),
    room: columnFromArray(['r', 'r']),
    slot: columnFromArray([0, 4]),
    count: columnFromArray([3, 2]),
  });
  const [one, other] = linesOf(samples, lines);
  expect(one).toMatchObject({ participant: '<b>a', slot: 0 });
  expect([...(one?.value ?? [])]).toEqual([0.1, 0.2, 0.3]);
  expect(other?.slot).toBe(4);
  expect([...(other?.begins ?? [])]).toEqual([1, 1]);
  expect(other?.onset.buffer).toBe(one?.onset.buffer);
});

test('a median is a line that its gaps part', () => {
  const table = tableFromColumns({
    onset_sec: columnFromArray([0, 2, 8, 10], float64()),
    value: columnFromArray([0, 1, 2, 3], float64()),
    low: columnFromArray([0, 0, 0, 0], float64()),
    high: columnFromArray([0, 0, 0, 0], float64()),
    count: columnFromArray([3, 3, 2, 2]),
    segment: columnFromArray([0, 0, 1, 1]),
  });
  const { line: middle, of } = medianOf(table);
  expect([...middle.begins]).toEqual([1, 0, 1, 0]);
  expect([...of]).toEqual([3, 3, 2, 2]);
});
