import { expect, test } from 'vitest';

import {
  lineAt,
  type Point,
  pointAt,
  pointY,
  rowAt,
  valueY,
} from '../../../src/explorer/timeline/hits';
import { facts, line } from './made';

const BOX = { left: 100, top: 20, width: 200, height: 80 };
const point = (onset_sec: number, change: Record<string, unknown> = {}): Point => ({
  onset_sec,
  participant: 'a',
  lane: 'x',
  value: 0.5,
  ...change,
});

test('a row is found by its height', () => {
  const boxes = [BOX, { ...BOX, top: 140 }];
  expect([0, 20, 100, 101, 150, 999].map(y => rowAt(y, boxes))).toEqual([-1, 0, 0, -1, 1, -1]);
});

test('values stand from the bottom up, and never outside of their row', () => {
  expect([0, 0.5, 1, 7, -7].map(value => valueY(value, [0, 1], 80))).toEqual([80, 40, 0, 0, 80]);
});

test('lanes divide the row, and participants a lane', () => {
  const lanes = facts({ kind: 'points', y: null, lanes: ['x', 'y'] });
  expect(pointY(point(1, { lane: 'y' }), lanes, 80, [])).toBe(60);
  const apart = { ...lanes, apart: true };
  const [one, other] = ['a', 'b'].map(participant =>
    pointY(point(1, { participant }), apart, 80, ['a', 'b']),
  );
  expect(one).toBe(12);
  expect(other).toBe(28);
});

test('the nearest mark is meant, if it is near', () => {
  const row = facts({ kind: 'points', y: null, lanes: ['x', 'y'] });
  const points = [point(1), point(1.3), point(1.3, { lane: 'y' }), point(9)];
  const at = (x: number, y: number) => pointAt(x, y, points, row, BOX, [0, 10], ['a']);
  expect(at(21, 20)).toBe(points[0]);
  expect(at(25, 20)).toBe(points[1]);
  expect(at(25, 60)).toBe(points[2]);
  expect(at(100, 20)).toBeNull();
});

test('a span is meant over its whole length, a bar over its whole height', () => {
  const spans = facts({ kind: 'spans', y: null, lanes: ['x'] });
  const span = point(2, { end_sec: 8 });
  expect(pointAt(100, 40, [span], spans, BOX, [0, 10], [])).toBe(span);
  expect(pointAt(190, 40, [span], spans, BOX, [0, 10], [])).toBeNull();
  const bars = facts({ kind: 'bars', y: null, lanes: [] });
  expect(pointAt(100, 3, [span], bars, BOX, [0, 10], [])).toBe(span);
});

test('the nearest line is meant, if the pointer is near it', () => {
  const lines = [
    line('low', [0, 5, 10], [0.1, 0.1, 0.1]),
    line('high', [0, 5, 10], [0.9, 0.9, 0.9]),
  ];
  const row = facts({ reach_sec: 5 });
  expect(lineAt(100, 70, lines, row, BOX, [0, 10])).toBe(lines[0]);
  expect(lineAt(100, 9, lines, row, BOX, [0, 10])).toBe(lines[1]);
  expect(lineAt(100, 40, lines, row, BOX, [0, 10])).toBeNull();
});
