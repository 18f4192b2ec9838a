import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { News } from '../../src/contract';
import {
  createWire,
  GIVEN_UP_MS,
  isCancelled,
  Problem,
  SILENCE_MS,
  type Wire,
} from '../../src/explorer/wire';
import { FakeModel } from './model';

const HELLO = { version: '1', connected: true };
let model: FakeModel;
let view: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  model = new FakeModel();
  view = new AbortController();
});
afterEach(() => {
  view.abort();
  vi.useRealTimers();
});

const answer = (id: string, result: unknown = HELLO, tables: string[] = []) => ({
  type: 'answer',
  id,
  to: 'hello',
  result,
  tables,
});
const failure = (id: string, reason = 'key') => ({
  type: 'error',
  id,
  to: 'page',
  sentence: 'The key may not read chat.',
  place: 'records',
  reason,
  key_scope: 'read:chat',
});

test('a question is answered under its own ID, whatever the order', async () => {
  const wire = createWire(model, view.signal);
  const first = wire.ask('hello', {});
  const second = wire.ask('recent', {});
  const [one, two] = [model.last('hello'), model.last('recent')];
  expect(one.id).not.toBe(two.id);
  expect(wire.waiting.value).toBe(2);
  model.say(answer(two.id, { total: 2 }));
  model.say(answer(one.id));
  expect((await second).result).toEqual({ total: 2 });
  expect((await first).result).toEqual(HELLO);
  expect(wire.waiting.value).toBe(0);
});

test('two views never share an ID', () => {
  const [one, other] = [new FakeModel(), new FakeModel()];
  void createWire(one, view.signal).ask('hello', {}).catch(isCancelled);
  void createWire(other, view.signal).ask('hello', {}).catch(isCancelled);
  expect(one.last('hello').id).not.toBe(other.last('hello').id);
});

test('tables are read from exactly their bytes of a larger buffer', async () => {
  const bytes = tableToIPC(
    tableFromArrays({ onset_sec: [0.5, 1.25], who: ['a', 'b'] }),
    {},
  ) as Uint8Array;
  const larger = new Uint8Array(bytes.length + 24).fill(255);
  larger.set(bytes, 16);
  const wire = createWire(model, view.signal);
  const asked = wire.ask('recent', {});
  const id = model.last('recent').id;
  model.say(answer(id, { total: 2 }, ['found']), [new DataView(larger.buffer, 16, bytes.length)]);
  const { tables } = await asked;
  expect(tables.found?.toArray()).toEqual([
    { onset_sec: 0.5, who: 'a' },
    { onset_sec: 1.25, who: 'b' },
  ]);
});

test.each([[[]], [[new Uint8Array([8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])]]])(
  'an answer whose table is missing or broken is a problem, not a promise that hangs',
  async buffers => {
    const asked = createWire(model, view.signal).ask('recent', {});
    model.say(answer(model.last('recent').id, { total: 1 }, ['found']), buffers);
    await expect(asked).rejects.toMatchObject({ name: 'Problem', reason: 'fault' });
  },
);

test('an error carries its sentence, its place and what to do', async () => {
  const asked = createWire(model, view.signal).ask('hello', {});
  model.say(failure(model.last('hello').id));
  await expect(asked).rejects.toMatchObject({
    sentence: 'The key may not read chat.',
    place: 'records',
    reason: 'key',
    keyScope: 'read:chat',
  });
});

describe('cancelling', () => {
  test('tells the kernel and settles at once', async () => {
    const wire = createWire(model, view.signal);
    const own = new AbortController();
    const asked = wire.ask('hello', {}, { signal: own.signal });
    const { id } = model.last('hello');
    own.abort();
    expect(isCancelled(await asked.catch(error => error))).toBe(true);
    expect(model.last('cancel')).toMatchObject({ cancels: id });
    expect(wire.waiting.value).toBe(0);
    model.say(answer(id)); // too late: nobody minds
    model.say(answer(model.last('cancel').id, { cancelled: true }));
  });

  test('a question answered already is not cancelled', async () => {
    const own = new AbortController();
    const asked = createWire(model, view.signal).ask('hello', {}, { signal: own.signal });
    model.say(answer(model.last('hello').id));
    await asked;
    own.abort();
    expect(model.sent.map(one => one.type)).toEqual(['hello']);
  });

  test('what is ended before it is asked is never sent', async () => {
    const asked = createWire(model, view.signal).ask('hello', {}, { signal: AbortSignal.abort() });
    await expect(asked).rejects.toSatisfy(isCancelled);
    expect(model.sent).toEqual([]);
  });

  test('the end of the view ends every question and every listener', async () => {
    const wire = createWire(model, view.signal);
    const asked = [wire.ask('hello', {}), wire.ask('recent', {})];
    view.abort();
    for (const one of asked) {
      await expect(one).rejects.toSatisfy(isCancelled);
    }
    expect(model.standing).toBe(0);
    await expect(wire.ask('hello', {})).rejects.toSatisfy(isCancelled);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a view that ends with its kernel ends its questions in silence', async () => {
    const asked = createWire(model, view.signal).ask('hello', {});
    vi.spyOn(model, 'send').mockImplementation(() => {
      throw new Error('Cannot send');
    });
    view.abort();
    await expect(asked).rejects.toSatisfy(isCancelled);
  });
});

describe('a kernel that was restarted or died', () => {
  const cut = () =>
    vi.spyOn(model, 'send').mockImplementation(() => {
      throw new Error('Cannot send');
    });

  test.each([
    ['the next question', (wire: Wire) => void wire.ask('recent', {}).catch(isCancelled)],
    ['the host', () => model.emit('comm_live_update')],
    ['a long silence', () => void vi.advanceTimersByTime(SILENCE_MS)],
  ])('is known to be gone by %s, and nothing is waited for', async (_, tell) => {
    const wire = createWire(model, view.signal);
    const asked = wire.ask('hello', {});
    cut();
    tell(wire);
    expect(wire.gone.value).toBe(true);
    await expect(asked).rejects.toSatisfy(isCancelled);
    await expect(wire.ask('recent', {})).rejects.toSatisfy(isCancelled);
    expect(wire.waiting.value).toBe(0);
    expect(wire.busy.value).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a line that stands is not gone, whatever the host says', () => {
    const wire = createWire(model, view.signal);
    model.emit('comm_live_update');
    expect(wire.gone.value).toBe(false);
    expect(wire.waiting.value).toBe(0);
  });
});

describe('a silent kernel', () => {
  test('is asked, then called busy, and recovers with its next word', async () => {
    const wire = createWire(model, view.signal);
    const asked = wire.ask('recent', {});
    vi.advanceTimersByTime(SILENCE_MS);
    expect(model.last('hello')).toBeDefined();
    expect(wire.busy.value).toBe(false);
    vi.advanceTimersByTime(SILENCE_MS);
    expect(wire.busy.value).toBe(true);
    model.say(answer(model.last('hello').id));
    expect(wire.busy.value).toBe(false);
    model.say(answer(model.last('recent').id, { total: 0 }));
    expect((await asked).result).toEqual({ total: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that only works is never busy', () => {
    const wire = createWire(model, view.signal);
    void wire
      .ask('fetch', { scope: { kind: 'room', id: 'r', room: null }, tables: [] })
      .catch(isCancelled);
    for (let turn = 0; turn < 20; turn++) {
      vi.advanceTimersByTime(SILENCE_MS);
      model.say(answer(model.last('hello').id));
      expect(wire.busy.value).toBe(false);
    }
  });

  test('that stays silent does not keep a question for ever', async () => {
    const wire = createWire(model, view.signal);
    const asked = wire.ask('recent', {}).catch(error => error);
    vi.advanceTimersByTime(GIVEN_UP_MS + SILENCE_MS);
    const problem = await asked;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem.sentence).toContain('has not answered for ten minutes');
    expect(wire.waiting.value).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('progress and news go to their question, other news to everybody', () => {
  const wire = createWire(model, view.signal);
  const [progress, mine, all] = [vi.fn(), vi.fn(), vi.fn()];
  const listening = new AbortController();
  wire.listen(all, listening.signal);
  const scope = { kind: 'room', id: 'r', room: null } as const;
  void wire.ask('live', { scope }, { progress, news: mine, quiet: true }).catch(isCancelled);
  expect(wire.waiting.value).toBe(0);
  const { id } = model.last('live');
  const news = (of: string): News => ({
    type: 'news',
    id: of,
    scope,
    tables: [],
    added: 3,
    next_sec: 5,
    sentence: null,
  });
  model.say({ type: 'progress', id, label: 'ratings', received: 5, total: 9 });
  model.say(news(id));
  model.say(news(''));
  expect(progress).toHaveBeenCalledWith(expect.objectContaining({ received: 5 }));
  expect(mine).toHaveBeenCalledTimes(1);
  expect(all).toHaveBeenCalledTimes(1);
  listening.abort();
  model.say(news(''));
  expect(all).toHaveBeenCalledTimes(1);
});

test.each([null, 'hello', { type: 'answer' }, { type: 'other', id: 'x' }, { id: 4, type: 'news' }])(
  'a message that is none of ours is left alone: %j',
  message => {
    createWire(model, view.signal);
    expect(() => model.say(message as never)).not.toThrow();
  },
);
