/** What every visible thing is handed: the view's wire, state and troubles, and its end. */
import { type ReadonlySignal, type Signal, signal as value } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { CountsAnswer, HelloAnswer, Place } from '../contract';
import type { Live } from './live';
import type { Fetches } from './records/fetching';
import type { Records } from './records/records';
import type { Scopes } from './scopes/scopes';
import type { State } from './state';
import { isCancelled, Problem, type Wire } from './wire';

export interface App {
  readonly wire: Wire;
  readonly state: State;
  readonly troubles: Troubles;
  readonly scopes: Scopes;
  readonly records: Records;
  readonly fetches: Fetches;
  readonly live: Live;
  /** How much is selected; null: everything, or not known yet. */
  readonly counts: ReadonlySignal<CountsAnswer | null>;
  /** The connection, as last heard. */
  readonly hello: ReadonlySignal<HelloAnswer | null>;
  /** The last thing done, in a sentence, for the status. */
  readonly said: Signal<string>;
  /** Aborted when the view ends. */
  readonly signal: AbortSignal;
}

/** What went wrong, by the place where it is shown. */
export interface Troubles {
  readonly at: ReadonlySignal<Readonly<Partial<Record<Place, Trouble>>>>;
  /** Show a problem; what was merely cancelled is none. `again` does what failed once more. */
  tell(error: unknown, place: Place, again?: (yes: boolean) => void): void;
  clear(...places: Place[]): void;
}

export interface Trouble {
  readonly problem: Problem;
  readonly again: ((yes: boolean) => void) | undefined;
}

export function createTroubles(): Troubles {
  const at = value<Partial<Record<Place, Trouble>>>({});
  return {
    at,
    tell: (error, place, again) => {
      if (!isCancelled(error)) {
        at.value = { ...at.peek(), [place]: { problem: asProblem(error, place), again } };
      }
    },
    clear: (...places) => {
      if (places.some(place => place in at.peek())) {
        const left = { ...at.peek() };
        for (const place of places) {
          delete left[place];
        }
        at.value = left;
      }
    },
  };
}

function asProblem(error: unknown, place: Place): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  return new Problem(`Something went wrong in the explorer: ${text}.`, 'fault', place);
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) {
    throw new Error('a part of the explorer stands outside of it');
  }
  return app;
}
