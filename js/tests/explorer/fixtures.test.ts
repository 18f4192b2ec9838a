/** Bytes that Python wrote are read here value by value: the contract in practice. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { Answer, Sent } from '../../src/contract';
import { ROW, TABLES } from '../../src/contract';
import { tablesOf } from '../../src/explorer/arrow';
import { createWire, Problem, type Reply } from '../../src/explorer/wire';
import { FakeModel } from './model';

const FOLDER = join(import.meta.dirname, '../../../tests/fixtures/wire');
const read = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), 'utf-8'));
const names = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json') && !name.endsWith('.values.json'))
  .map(name => name.slice(0, -'.json'.length));

/** As a comm delivers it: a view that begins anywhere in a larger buffer. */
function buffer(name: string, offset: number): DataView {
  const bytes = readFileSync(join(FOLDER, name));
  const larger = new Uint8Array(bytes.length + offset + 8);
  larger.set(bytes, offset);
  return new DataView(larger.buffer, offset, bytes.length);
}

const number = (value: unknown) =>
  value === 'inf' ? Number.POSITIVE_INFINITY : value === 'nan' ? Number.NaN : value;

test('there is something to read', () => {
  expect(names.length).toBeGreaterThan(6);
});

const withTables = names.filter(name => {
  const message: Sent = read(`${name}.json`);
  return message.type === 'answer' && message.tables.length > 0;
});

describe.each(withTables)('%s', name => {
  const message: Answer = read(`${name}.json`);

  test.each([0, 3, 8])('its tables are read wherever they begin: %d bytes in', offset => {
    const buffers = message.tables.map(table => buffer(`${name}.${table}.arrow`, offset));
    const tables = tablesOf(message.tables, buffers);
    for (const table of message.tables) {
      const values: Record<string, unknown[]> = read(`${name}.${table}.values.json`);
      const found = tables[table];
      expect(found?.names).toEqual(Object.keys(values));
      for (const [column, expected] of Object.entries(values)) {
        const cells = found?.getChild(column);
        const numeric = cells?.type && 'precision' in cells.type;
        const wanted = numeric ? expected.map(number) : expected;
        expect([...Array(found?.numRows).keys()].map(row => cells?.at(row))).toEqual(wanted);
      }
      if (table in TABLES) {
        expect(found?.names).toEqual(Object.keys(TABLES[table as keyof typeof TABLES]));
      }
    }
  });
});

test.each(names)('%s settles its question, or is heard by everybody', async name => {
  const message: Sent = read(`${name}.json`);
  const model = new FakeModel();
  const view = new AbortController();
  const wire = createWire(model, view.signal);
  const heard: unknown[] = [];
  wire.listen(one => heard.push(one), view.signal);
  const progress: unknown[] = [];
  const asked = wire.ask('hello', {}, { progress: one => progress.push(one) });
  const settled = asked.catch(error => error);
  const buffers =
    message.type === 'answer' ? message.tables.map(one => buffer(`${name}.${one}.arrow`, 16)) : [];
  model.say({ ...message, id: message.id && model.last('hello').id }, buffers);
  view.abort();
  const end: Reply<'hello'> | Problem = await settled;
  if (message.type === 'answer') {
    expect((end as Reply<'hello'>).result).toEqual(message.result);
  } else if (message.type === 'error' && message.id) {
    expect(end).toBeInstanceOf(Problem);
    expect(end).toMatchObject({ sentence: message.sentence, place: message.place });
  } else {
    expect([...heard, ...progress]).toHaveLength(1);
    expect(end).toMatchObject({ reason: 'cancelled' });
  }
});

test('a page says which record every row is', () => {
  const page: Answer = read('page.json');
  const { rows } = tablesOf(page.tables, [buffer('page.rows.arrow', 0)]);
  expect(rows?.getChild(ROW)?.at(0)).toBe(0);
});
