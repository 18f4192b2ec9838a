import { expect, test } from 'vitest';

import { actionOf } from '../../../src/explorer/timeline/keys';

const press = (key: string, held: Partial<Parameters<typeof actionOf>[0]> = {}) =>
  actionOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

test.each([
  ['ArrowRight', {}, { do: 'point', by: 0.01, mark: false }],
  ['ArrowLeft', { shiftKey: true }, { do: 'point', by: -0.01, mark: true }],
  ['ArrowLeft', { ctrlKey: true }, { do: 'point', by: -0.1, mark: false }],
  ['Home', {}, { do: 'edge', to: 'start', mark: false }],
  ['End', { shiftKey: true }, { do: 'edge', to: 'end', mark: true }],
  ['PageDown', {}, { do: 'pan', by: 0.5 }],
  ['+', { shiftKey: true }, { do: 'zoom', factor: 0.5 }],
  ['-', {}, { do: 'zoom', factor: 2 }],
  ['0', {}, { do: 'whole' }],
  ['ArrowUp', {}, { do: 'line', by: -1 }],
  ['ArrowDown', {}, { do: 'line', by: 1 }],
  ['Enter', {}, { do: 'open' }],
  ['Escape', {}, { do: 'leave' }],
] as const)('%s with %j', (key, held, action) => {
  expect(press(key, held)).toEqual(action);
});

test("the browser's and the notebook's own keys stay theirs", () => {
  for (const one of ['+', '-', '0']) {
    expect(press(one, { ctrlKey: true })).toBeNull();
    expect(press(one, { metaKey: true })).toBeNull();
  }
  for (const one of ['ArrowLeft', 'ArrowRight']) {
    expect(press(one, { altKey: true })).toBeNull();
  }
  for (const one of ['Tab', 'a', ' ']) {
    expect(press(one)).toBeNull();
  }
});
