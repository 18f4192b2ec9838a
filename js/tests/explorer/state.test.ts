import { expect, test, vi } from 'vitest';

import type { PlaceState, SelectionState } from '../../src/contract';
import { ALL, createState, FIRST_PLACE, same, snapped } from '../../src/explorer/state';
import { FakeModel } from './model';

const ROOM = { kind: 'room', id: 'room_a', room: null } as const;

test('a view begins where its model is', () => {
  const place: PlaceState = { ...FIRST_PLACE, table: 'sync' };
  const model = new FakeModel({ _scope: ROOM, _place: place });
  const state = createState(model, new AbortController().signal);
  expect(state.scope.value).toEqual(ROOM);
  expect(state.place.value).toEqual(place);
  expect(state.selection.value).toEqual(ALL);
});

test('a change is shared once, an equal value not at all', () => {
  const model = new FakeModel();
  const state = createState(model, new AbortController().signal);
  state.select({ types: ['ratings'] });
  state.select({ types: ['ratings'] });
  expect(model.saved).toEqual([{ _selection: { ...ALL, types: ['ratings'] } }]);
  state.go({ table: 'events' });
  state.go({ table: 'events' });
  expect(model.saved).toHaveLength(2);
});

test('two views of one model agree', () => {
  const model = new FakeModel();
  const signal = new AbortController().signal;
  const [one, other] = [createState(model, signal), createState(model, signal)];
  one.select({ window: [1, 2] });
  expect(other.selection.value.window).toEqual([1, 2]);
});

test('what Python sets arrives; what it echoes changes nothing', () => {
  const model = new FakeModel();
  const state = createState(model, new AbortController().signal);
  const seen = vi.fn();
  const stop = state.selection.subscribe(seen);
  const next: SelectionState = { types: null, participants: ['p_1'], window: [0, 4] };
  model.set('_selection', next);
  model.set('_selection', { window: [0, 4], participants: ['p_1'], types: null });
  expect(seen).toHaveBeenCalledTimes(2); // once when it subscribed
  expect(model.saved).toEqual([]);
  stop();
});

test('a window is ordered and snapped to a millisecond', () => {
  expect(snapped([2.00049, 1.9999999])).toEqual([2, 2]);
  expect(snapped([12.3456, -3.2])).toEqual([-3.2, 12.346]);
  expect(snapped(null)).toBeNull();
  const model = new FakeModel();
  createState(model, new AbortController().signal).select({ window: [9.00001, 3] });
  expect(model.get('_selection')?.window).toEqual([3, 9]);
});

test('the join ends with the view', () => {
  const model = new FakeModel();
  const view = new AbortController();
  const state = createState(model, view.signal);
  view.abort();
  expect(model.standing).toBe(0);
  model.set('_scope', ROOM);
  expect(state.scope.value).toBeNull();
});

test('drawing is counted, each piece once', () => {
  const state = createState(new FakeModel(), new AbortController().signal);
  const [one, other] = [state.begin(), state.begin()];
  one();
  one();
  expect(state.drawing.value).toBe(1);
  other();
  expect(state.drawing.value).toBe(0);
});

test.each([
  [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  [[1, 2], { 0: 1, 1: 2 }, false],
  [{ a: undefined }, { b: undefined }, false],
  [null, {}, false],
  [0, null, false],
])('%j and %j are the same: %j', (one, other, equal) => {
  expect(same(one, other)).toBe(equal);
});
