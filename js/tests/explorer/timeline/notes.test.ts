import { expect, test } from 'vitest';

import { reasons } from '../../../src/explorer/timeline/notes';

test('why tables are not drawn is said once, with their names in order', () => {
  const nowhere = "room 'nope' not found";
  const missing = [
    { table: 'events', reason: nowhere },
    { table: 'chat', reason: 'the key may not read it' },
    { table: 'sync', reason: nowhere },
  ];
  expect(reasons(missing)).toEqual([`events, sync: ${nowhere}.`, 'chat: the key may not read it.']);
  expect(reasons([])).toEqual([]);
});
