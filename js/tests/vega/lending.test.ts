import { afterEach, expect, test } from 'vitest';

import { version } from '../../package.json';
import { borrowed, lend, VERSION, type Vega } from '../../src/vega/lending';

const one = { runtimeOf: () => ({}) } as unknown as Vega;
const other = {} as Vega;

afterEach(() => {
  for (const name of Object.getOwnPropertySymbols(globalThis)) {
    if (name.description?.startsWith('hs-jupyter')) {
      delete (globalThis as Record<symbol, unknown>)[name];
    }
  }
});

test('nobody lends', async () => {
  expect(await borrowed()).toBeNull();
});

test('the first who lends is who is asked, and only when somebody borrows', async () => {
  let loads = 0;
  lend(async () => {
    loads++;
    return one;
  });
  lend(async () => other);
  expect(loads).toBe(0);
  expect(await borrowed()).toBe(one);
  expect(loads).toBe(1);
});

test('who cannot lend gives way to the next', async () => {
  lend(() => Promise.reject(new Error('its file is gone')));
  expect(await borrowed()).toBeNull();
  lend(async () => other);
  expect(await borrowed()).toBe(other);
});

test('those of one version share', () => {
  expect(VERSION).toBe(version);
});
