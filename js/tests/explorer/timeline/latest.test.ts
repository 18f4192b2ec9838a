import { expect, test } from 'vitest';

import { Latest } from '../../../src/explorer/timeline/latest';

/** Tasks that end when the test says. */
function bench() {
  const begun: { value: number; signal: AbortSignal; end(error?: Error): void }[] = [];
  const failed: [unknown, number][] = [];
  const latest = new Latest<number>(
    (value, signal) =>
      new Promise((resolve, reject) => {
        begun.push({ value, signal, end: error => (error ? reject(error) : resolve()) });
      }),
    (error, value) => failed.push([error, value]),
  );
  const values = () => begun.map(one => one.value);
  const settle = () => new Promise(resolve => setTimeout(resolve));
  return { latest, begun, failed, values, settle };
}

test('while one runs, the newest alone waits', async () => {
  const { latest, begun, values, settle } = bench();
  for (const value of [1, 2, 3, 4]) {
    latest.want(value);
  }
  expect(values()).toEqual([1]);
  expect(begun[0]?.signal.aborted).toBe(false);
  begun[0]?.end();
  await settle();
  expect(values()).toEqual([1, 4]);
  begun[1]?.end();
  await settle();
  expect(values()).toEqual([1, 4]);
});

test('what cannot wait ends what runs, and only what waits', async () => {
  const { latest, begun, values, settle } = bench();
  latest.want(1);
  latest.dontWait();
  expect(begun[0]?.signal.aborted).toBe(false);
  latest.want(2);
  latest.dontWait();
  expect(values()).toEqual([1, 2]);
  expect(begun[0]?.signal.aborted).toBe(true);
  latest.hurry(3);
  expect(begun[1]?.signal.aborted).toBe(true);
  // The ended ones settle late, and nothing comes of it.
  begun[0]?.end(new Error('cancelled'));
  begun[1]?.end();
  await settle();
  expect(values()).toEqual([1, 2, 3]);
  latest.want(4);
  expect(values()).toEqual([1, 2, 3]);
  begun[2]?.end();
  await settle();
  expect(values()).toEqual([1, 2, 3, 4]);
});

test('a failure is told once, with its value, and the next goes on', async () => {
  const { latest, begun, failed, values, settle } = bench();
  const error = new Error('no kernel');
  latest.want(1);
  latest.want(2);
  begun[0]?.end(error);
  await settle();
  expect(failed).toEqual([[error, 1]]);
  expect(values()).toEqual([1, 2]);
});

test('after the end nothing runs', async () => {
  const { latest, begun, failed, values, settle } = bench();
  latest.want(1);
  latest.want(2);
  latest.end();
  expect(begun[0]?.signal.aborted).toBe(true);
  begun[0]?.end(new Error('gone'));
  await settle();
  expect(values()).toEqual([1]);
  expect(failed).toEqual([]);
});
