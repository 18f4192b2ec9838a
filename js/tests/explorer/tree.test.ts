import { describe, expect, test } from 'vitest';

import {
  foundItem,
  groupItem,
  keyOf,
  participantItem,
  roomItem,
} from '../../src/explorer/scopes/items';
import { type Item, lineCalled, linesOf, step } from '../../src/explorer/scopes/tree';

const item = (key: string, opens = false): Item => ({ ...groupItem(key, key), opens });
const ROOTS = [item('anna', true), item('bert', true)];
const BELOW = new Map([
  ['anna', [item('alpha', true), item('beta')]],
  ['alpha', [item('deep')]],
]);
const lines = linesOf(ROOTS, BELOW, new Set(['anna', 'alpha', 'bert']));

test('lines stand in order, each knowing its place', () => {
  expect(
    lines.map(({ item: one, level, position, siblings, expanded }) => [
      one.key,
      level,
      position,
      siblings,
      expanded,
    ]),
  ).toEqual([
    ['anna', 1, 1, 2, true],
    ['alpha', 2, 1, 2, true],
    ['deep', 3, 1, 1, null],
    ['beta', 2, 2, 2, null],
    ['bert', 1, 2, 2, true],
  ]);
});

test('what is closed hides all that is below, whatever was open there', () => {
  expect(linesOf(ROOTS, BELOW, new Set(['alpha'])).map(one => one.item.key)).toEqual([
    'anna',
    'bert',
  ]);
});

describe('keys', () => {
  const at = (key: string) => lines.findIndex(one => one.item.key === key);
  test.each([
    ['anna', 'ArrowDown', { to: 1 }],
    ['anna', 'ArrowUp', { to: 0 }],
    ['anna', 'ArrowRight', { to: 1 }],
    ['anna', 'ArrowLeft', { toggle: 'anna' }],
    ['deep', 'ArrowRight', null],
    ['deep', 'ArrowLeft', { to: 1 }],
    ['beta', 'ArrowLeft', { to: 0 }],
    ['bert', 'ArrowRight', null], // open, and nothing below
    ['bert', 'ArrowDown', { to: 4 }],
    ['deep', 'Home', { to: 0 }],
    ['deep', 'End', { to: 4 }],
    ['bert', 'PageUp', { to: 1 }],
    ['anna', 'PageDown', { to: 3 }],
    ['anna', 'Tab', null],
  ])('%s, %s: %j', (key, pressed, leads) => {
    expect(step(lines, at(key), pressed, 3)).toEqual(leads);
  });

  test('a closed line opens before it is entered', () => {
    const closed = linesOf(ROOTS, BELOW, new Set());
    expect(step(closed, 0, 'ArrowRight', 3)).toEqual({ toggle: 'anna' });
  });

  test('an empty tree leads nowhere', () => {
    expect(step([], 0, 'ArrowDown', 3)).toBeNull();
    expect(lineCalled([], 0, 'a')).toBe(0);
  });

  test('letters find the next name, and go around', () => {
    expect(lineCalled(lines, at('anna'), 'b')).toBe(at('beta'));
    expect(lineCalled(lines, at('beta'), 'b')).toBe(at('bert'));
    expect(lineCalled(lines, at('bert'), 'a')).toBe(at('anna'));
    expect(lineCalled(lines, at('beta'), 'be')).toBe(at('beta'));
    expect(lineCalled(lines, at('beta'), 'BER')).toBe(at('bert'));
    expect(lineCalled(lines, at('beta'), 'x')).toBe(at('beta'));
  });
});

describe('items', () => {
  const room = {
    id: 'room_a',
    status: 'completed',
    started_ms: Date.UTC(2026, 2, 2, 15, 4),
    duration_sec: 751,
    participants: 2,
    deployment: null,
    running: false,
    stored: true,
    opened_ms: null,
  };

  test('a room says its status, time, participants and duration', () => {
    expect(roomItem(room)).toMatchObject({
      name: 'room_a',
      detail: 'completed · 2026-03-02 15:04',
      lasted: '12:31',
      people: 2,
      stored: true,
      recent: false,
      scope: { kind: 'room', id: 'room_a', room: null },
    });
  });

  test('what is not known is left out', () => {
    const bare = {
      ...room,
      status: null,
      started_ms: null,
      duration_sec: null,
      participants: null,
    };
    expect(roomItem(bare)).toMatchObject({ detail: '', lasted: '', people: null });
  });

  test('a participant belongs to a room', () => {
    const row = {
      id: 'p_1',
      name: null,
      role: 'viewer',
      status: null,
      completion_code: null,
      joined_ms: null,
    };
    const one = participantItem({ ...row, stored: false, opened_ms: 4 }, 'room_a');
    expect(one.scope).toEqual({ kind: 'participant', id: 'p_1', room: 'room_a' });
    expect(one).toMatchObject({ name: 'p_1', detail: 'viewer', recent: true, opens: false });
  });

  test('the same room has another key where it stands again', () => {
    const found = foundItem(
      {
        kind: 'room',
        id: 'room_a',
        name: null,
        room: null,
        experiment: 'exp',
        status: null,
        stored: false,
        opened_ms: 1,
      },
      'recent',
    );
    expect(found.key).not.toBe(roomItem(room).key);
    expect(keyOf(found.scope as never)).toBe(roomItem(room).key);
  });
});
