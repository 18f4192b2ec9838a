/**
 * Who owns what.
 *
 * - Kernel and all views together: scope, selection, place. They are traits, saved with the notebook and
 *   settable from Python; an equal value is sent once. The scope changes by `opening`, which the kernel carries out.
 * - Kernel alone: records, key, connection. `opened` is a copy of what it last said about the scope.
 * - This view alone: cursor, player, whatever is typed, scrolled, expanded or hovered.
 *
 * What can be computed is computed where it is used. No record, link or key ever becomes a trait.
 */
import { computed, type ReadonlySignal, type Signal, signal as value } from '@preact/signals';

import type { Choices, PlaceState, ScopeState, SelectionState, TableState } from '../contract';
import type { Model, Traits } from './model';

/** What the kernel says about the scope that is open. */
export interface Opened {
  readonly scope: ScopeState;
  readonly title: string;
  /** A room that runs now, and can be followed. */
  readonly running: boolean;
  readonly tables: readonly TableState[];
}

/** What the timeline says of what it draws. */
export interface Drawn {
  readonly scope: ScopeState;
  /** All there is, in seconds of onset. */
  readonly domain: readonly [number, number];
  readonly choices: Choices;
}

/** The moment that timeline and player point to, and which of them moved it. */
export interface Cursor {
  readonly onset_sec: number;
  readonly from: 'timeline' | 'player';
}

export interface State {
  readonly scope: ReadonlySignal<ScopeState | null>;
  readonly selection: ReadonlySignal<SelectionState>;
  readonly place: ReadonlySignal<PlaceState>;
  /** Change a part of the selection; a window is ordered and snapped to 1 ms. */
  select(change: Partial<SelectionState>): void;
  /** Change a part of the place. */
  go(change: Partial<PlaceState>): void;

  /** Set it to open a scope: a tree's row, a pasted ID, a line of the overlay. Null when that is done. */
  readonly opening: Signal<ScopeState | null>;
  /** Null while no scope is open, or its types are not known yet. */
  readonly opened: Signal<Opened | null>;

  /** Set by the timeline with every answer. */
  readonly drawn: Signal<Drawn | null>;

  /**
   * The timeline sets it as the pointer moves, but not while `playing`; a click in the timeline sets it
   * always. The player sets it while it plays, and goes to what the timeline sets.
   */
  readonly cursor: Signal<Cursor | null>;
  /** The recording whose player is open: its ID. */
  readonly recording: Signal<string | null>;
  readonly playing: Signal<boolean>;

  /** Say that something is being drawn, and call what is returned when it is. */
  begin(): () => void;
  /** How much is being drawn. */
  readonly drawing: ReadonlySignal<number>;
}

export const ALL: SelectionState = { window: null, participants: null, types: null };

export const NOTHING_HIDDEN: PlaceState['hidden'] = {
  rows: [],
  participants: [],
  scales: [],
  categories: [],
};

export const FIRST_PLACE: PlaceState = {
  table: '',
  window: null,
  hidden: NOTHING_HIDDEN,
  sorts: {},
  columns: {},
};

/** Join a view to its model; the join ends with the signal. */
export function createState(model: Model, signal: AbortSignal): State {
  const scope = follow(model, '_scope', null, signal);
  const selection = follow(model, '_selection', ALL, signal);
  const place = follow(model, '_place', FIRST_PLACE, signal);
  const drawing = value(0);
  return {
    scope,
    selection,
    place,
    select: change => {
      const next = { ...selection.peek(), ...change };
      share(model, '_selection', selection, { ...next, window: snapped(next.window) });
    },
    go: change => share(model, '_place', place, { ...place.peek(), ...change }),
    opening: value(null),
    opened: value(null),
    drawn: value(null),
    cursor: value(null),
    recording: value(null),
    playing: value(false),
    drawing,
    begin: () => {
      let open = true;
      drawing.value = drawing.peek() + 1;
      return () => {
        drawing.value = drawing.peek() - (open ? 1 : 0);
        open = false;
      };
    },
  };
}

/** Two values that hold the same, whatever the order of their keys. */
export function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) {
    return Object.is(one, other);
  }
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every(
      key =>
        key in other &&
        same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  );
}

/** A computed value that stays the same one while it holds the same. */
export function steady<T>(compute: () => T): ReadonlySignal<T> {
  let last: T;
  return computed(() => {
    const next = compute();
    if (!same(next, last)) {
      last = next;
    }
    return last;
  });
}

/** A window in order, its ends whole milliseconds, so that code names them exactly. */
export function snapped(window: SelectionState['window']): SelectionState['window'] {
  if (!window) {
    return null;
  }
  const [start, end] = window.map(sec => Math.round(sec * 1000) / 1000) as [number, number];
  return start <= end ? [start, end] : [end, start];
}

function follow<K extends keyof Traits>(
  model: Model,
  name: K,
  missing: Traits[K],
  signal: AbortSignal,
): Signal<Traits[K]> {
  const held = value<Traits[K]>(model.get(name) ?? missing);
  const changed = () => {
    const next = model.get(name) ?? missing;
    if (!same(next, held.peek())) {
      held.value = next;
    }
  };
  model.on(`change:${name}`, changed);
  signal.addEventListener('abort', () => model.off(`change:${name}`, changed), { once: true });
  return held;
}

function share<K extends keyof Traits>(
  model: Model,
  name: K,
  held: Signal<Traits[K]>,
  next: Traits[K],
): void {
  if (!same(next, held.peek())) {
    held.value = next;
    model.set(name, next);
    try {
      model.save_changes();
    } catch {
      // The kernel is gone: the wire says so, and this view goes on with what it holds.
    }
  }
}
