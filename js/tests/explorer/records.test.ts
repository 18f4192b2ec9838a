import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Page, PageAnswer, TableState } from '../../src/contract';
import { followScope } from '../../src/explorer/opening';
import {
  cellAt,
  createRecords,
  openTable,
  PAGE_ROWS,
  recordNumber,
  rowsAfter,
} from '../../src/explorer/records/records';
import { createState } from '../../src/explorer/state';
import { createWire } from '../../src/explorer/wire';
import { FakeModel } from './model';
import { stream } from './page/study';

const ROOM = { kind: 'room', id: 'room_a', room: null } as const;
const table = (name: string, more: Partial<TableState> = {}): TableState => ({
  table: name,
  type: name,
  meaning: '',
  timed: true,
  drawn: true,
  announced: 1_000,
  loaded: 1_000,
  whole: true,
  readable: true,
  key_scope: null,
  problem: null,
  warnings: [],
  stored: true,
  version: 1,
  ...more,
});

let model: FakeModel;
let view: AbortController;
const failed = vi.fn();

/** Records of a model whose kernel is the test. */
function begin(tables: TableState[]) {
  const wire = createWire(model, view.signal);
  const state = createState(model, view.signal);
  const records = createRecords(wire, state, failed, () => {}, view.signal);
  followScope(wire, state, failed, view.signal);
  model.set('_scope', ROOM);
  tell('types', { scope: ROOM, title: 'room', running: false, tables });
  return { state, records };
}

function tell(to: 'types' | 'page', result: object, tables: Record<string, Uint8Array> = {}) {
  const { id } = model.last(to);
  const buffers = Object.values(tables).map(
    one => new DataView(one.buffer, one.byteOffset, one.byteLength),
  );
  model.say({ type: 'answer', id, to, result, tables: Object.keys(tables) }, buffers);
}

/** Tell what became of a table, unasked. */
function news(one: TableState) {
  model.say({
    type: 'news',
    id: '',
    scope: ROOM,
    tables: [one],
    added: 0,
    next_sec: null,
    sentence: null,
  });
}

/** Answer the last question for a page with numbers that say which record they are. */
function page(state: TableState, total: number | null, more: Partial<PageAnswer> = {}) {
  const { offset = 0, table: name } = model.last('page') as Page;
  const end = Math.min(offset + PAGE_ROWS, total ?? state.announced ?? 0);
  const rows = Array.from({ length: end - offset }, (_, at) => offset + at);
  const columns = [{ name: 'value', kind: 'number', unit: '', meaning: '' }];
  tell(
    'page',
    {
      table: name,
      offset,
      returned: rows.length,
      total,
      state,
      columns,
      others: ['value'],
      note: null,
      ...more,
    },
    { rows: stream({ value: rows.map(row => row * 2), __row__: rows }) },
  );
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  model = new FakeModel();
  view = new AbortController();
  failed.mockClear();
});
afterEach(() => {
  view.abort();
  vi.useRealTimers();
});

test('the first tab with records opens, or the one that was chosen', () => {
  const tables = [
    table('chat', { readable: false }),
    table('sync', { announced: 0 }),
    table('events'),
  ];
  expect(openTable(tables, '')?.table).toBe('events');
  expect(openTable(tables, 'chat')?.table).toBe('chat');
  expect(openTable(tables, 'gone')?.table).toBe('events');
  expect(openTable(tables.slice(0, 1), '')?.table).toBe('chat');
  expect(openTable([], '')).toBeNull();
});

test('the first page is asked for as soon as the scope is known', async () => {
  const { records } = begin([table('ratings')]);
  await settled();
  expect(model.last('page')).toMatchObject({
    scope: ROOM,
    table: 'ratings',
    offset: 0,
    selection: null,
  });
  page(table('ratings'), 1_000);
  await settled();
  const held = records.held.value;
  expect(held?.rows).toBe(1_000);
  expect(held && cellAt(held, 199, 'value')).toBe(398);
  expect(held && recordNumber(held, 7)).toBe(7);
  expect(held && cellAt(held, 200, 'value')).toBeUndefined();
  expect(held && cellAt(held, 1, 'nothing')).toBeNull();
});

test('pages come as they are looked at, and those scrolled past are not waited for', async () => {
  const { records } = begin([table('ratings')]);
  await settled();
  page(table('ratings'), 1_000);
  await settled();
  records.need(390, 410);
  expect(model.sent.filter(one => one.type === 'page').map(one => (one as Page).offset)).toEqual([
    0, 200, 400,
  ]);
  records.need(800, 820);
  expect(model.sent.filter(one => one.type === 'cancel')).toHaveLength(2);
  page(table('ratings'), 1_000);
  await settled();
  const held = records.held.value;
  expect(held && cellAt(held, 810, 'value')).toBe(1_620);
  records.need(0, 20);
  expect(model.last('page')).toMatchObject({ offset: 800 }); // the first page is here already
});

test('a page that costs a request waits until scrolling rests', async () => {
  const part = table('events', { whole: false, stored: false, loaded: 200, announced: 5_000 });
  const { records } = begin([part]);
  await settled();
  page(part, null);
  await settled();
  expect(records.held.value?.rows).toBe(5_000);
  for (let first = 400; first < 4_000; first += 200) {
    records.need(first, first + 20);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  const asked = model.sent.filter(one => one.type === 'page') as Page[];
  expect(asked.map(one => one.offset)).toEqual([0, 3_800]);
});

test('another selection is another query; what was shown stays until it is answered', async () => {
  const { state, records } = begin([table('ratings')]);
  await settled();
  page(table('ratings'), 1_000);
  await settled();
  state.select({ window: [1, 2] });
  expect(records.held.value?.rows).toBe(1_000);
  expect(model.last('page')).toMatchObject({ selection: { window: [1, 2] }, offset: 0 });
  page(table('ratings'), 30);
  await settled();
  expect(records.held.value).toMatchObject({ rows: 30, total: 30 });
});

test('a table that comes whole is read again, one whose count is the same is not', async () => {
  const part = table('events', { whole: false, loaded: 200 });
  const { state } = begin([part]);
  await settled();
  page(part, null);
  await settled();
  news({ ...part, loaded: 600 });
  expect(model.sent.filter(one => one.type === 'page')).toHaveLength(1);
  expect(state.opened.value?.tables[0]?.loaded).toBe(600);
  news({ ...part, loaded: 1_000, whole: true });
  expect(model.sent.filter(one => one.type === 'page')).toHaveLength(2);
  page(table('events'), 1_000);
  await settled();
  news(table('events'));
  expect(model.sent.filter(one => one.type === 'page')).toHaveLength(2);
});

test('news of what a page brings does not ask for it again; what is newer does', async () => {
  const part = table('events', { whole: false, loaded: 0, version: 0 });
  const { state } = begin([part]);
  await settled();
  const asked = () => model.sent.filter(one => one.type === 'page').length;
  const whole = table('events', { loaded: 300, version: 7 });
  news(whole);
  expect(asked()).toBe(1);
  page(whole, 300);
  await settled();
  expect(asked()).toBe(1);
  state.go({ sorts: { events: { column: 'onset_sec', order: 'desc' } } });
  expect(asked()).toBe(2);
  news(table('events', { loaded: 340, version: 8 }));
  page(whole, 300); // it was on its way already
  await settled();
  expect(state.opened.value?.tables[0]?.loaded).toBe(340);
  expect(asked()).toBe(3);
});

test('a tab that is left takes its filter and its rows with it', async () => {
  const { state, records } = begin([table('ratings'), table('events')]);
  await settled();
  page(table('ratings'), 1_000);
  await settled();
  records.filter.value = 'p_1';
  state.go({ table: 'events' });
  expect(records.held.value).toBeNull();
  expect(records.filter.value).toBe('');
  expect(model.last('page')).toMatchObject({ table: 'events', filter: '' });
});

test('a page that fails is told, and can be asked for again', async () => {
  begin([table('ratings')]);
  await settled();
  const error = { sentence: 'No network.', place: 'records', reason: 'network', key_scope: null };
  model.say({ type: 'error', id: model.last('page').id, to: 'page', ...error });
  await settled();
  expect(failed).toHaveBeenCalledTimes(1);
  failed.mock.calls[0]?.[1]();
  expect(model.sent.filter(one => one.type === 'page')).toHaveLength(2);
});

test.each([
  ['its total is known', { total: 70 }, false, 70],
  ['it ends here', { returned: 30, offset: 200 }, false, 230],
  ['as many as announced', {}, false, 1_000],
  ['unknown: one more than is known', {}, true, 201],
])('rows to scroll through when %s', (_name, more, filtered, rows) => {
  const answer = {
    offset: 0,
    returned: PAGE_ROWS,
    total: null,
    state: table('events', { whole: false }),
    ...more,
  };
  const query = {
    scope: ROOM,
    table: 'events',
    selection: null,
    sort: null,
    filter: filtered ? 'x' : '',
    columns: null,
  };
  expect(rowsAfter(answer as PageAnswer, query, 0)).toBe(rows);
});
