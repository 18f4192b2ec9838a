/** Rows as the kernel describes them, for tests. */
import type { TimelineAnswer } from '../../../src/contract';
import type { RowFacts } from '../../../src/explorer/timeline/facts';
import type { RowData } from '../../../src/explorer/timeline/frame';
import type { Line } from '../../../src/explorer/timeline/lines';

export const facts = (change: Partial<RowFacts> = {}): RowFacts => ({
  name: 'ratings_1',
  kind: 'lines',
  title: 'Rating · valence',
  y: [0, 1],
  lanes: [],
  apart: false,
  number: '.2f',
  reach_sec: 1,
  tips: [],
  median: '',
  whole: false,
  ...change,
});

export const line = (
  participant: string,
  onset: readonly number[],
  value: readonly number[],
  slot = 0,
  room = 'r',
): Line => ({
  participant,
  room,
  slot,
  onset: Float64Array.from(onset),
  value: Float64Array.from(value),
  begins: Uint8Array.from(onset, (_, at) => Number(at === 0)),
});

export const row = (change: Partial<RowData> = {}): RowData => ({
  facts: facts(),
  lines: [],
  points: [],
  coarse: [],
  median: null,
  window: [0, 10],
  id: 'one',
  ...change,
});

export const answer = (change: Partial<TimelineAnswer> = {}): TimelineAnswer => ({
  spec_id: 'spec',
  spec: { vconcat: [] },
  ids: {},
  window: [0, 100],
  domain: [0, 100],
  choices: { rows: [], participants: [], scales: [], categories: [] },
  notes: [],
  missing: [],
  running: false,
  drawn: {},
  about: { rows: [], words: {}, colors: {}, accent: '#000', chosen: '#111', overlay: false },
  ...change,
});
