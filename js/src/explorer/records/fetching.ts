/** Tables that are being fetched whole. They go on while another tab or scope is looked at. */
import { type ReadonlySignal, signal as value } from '@preact/signals';

import type { Progress, ScopeState } from '../../contract';
import { knowTables } from '../opening';
import type { State } from '../state';
import type { Wire } from '../wire';

export interface Fetching {
  readonly progress: Progress | null;
  cancel(): void;
}

export interface Fetches {
  /** By `fetchKey`. */
  readonly running: ReadonlySignal<Readonly<Record<string, Fetching>>>;
  /** Fetch a table whole; `yes`: though it takes many requests. */
  start(scope: ScopeState, table: string, yes?: boolean): void;
}

export const fetchKey = ({ kind, id, room }: ScopeState, table: string): string =>
  JSON.stringify([kind, id, room, table]);

export function createFetches(
  wire: Wire,
  state: State,
  failed: (error: unknown, again: (yes: boolean) => void) => void,
  done: (sentence: string) => void,
): Fetches {
  const running = value<Readonly<Record<string, Fetching>>>({});

  const start = async (scope: ScopeState, table: string, yes = false) => {
    const key = fetchKey(scope, table);
    if (running.peek()[key]) {
      return;
    }
    const own = new AbortController();
    const show = (progress: Progress | null) => {
      running.value = { ...running.peek(), [key]: { progress, cancel: () => own.abort() } };
    };
    show(null);
    try {
      const question = { scope, tables: [table], yes };
      const { result } = await wire.ask('fetch', question, {
        signal: own.signal,
        progress: show,
        quiet: true,
      });
      knowTables(state, scope, result.tables);
      const problem = result.tables.find(one => one.problem)?.problem;
      done(problem ?? `${table} is loaded whole.`);
    } catch (error) {
      failed(error, go => void start(scope, table, go));
    } finally {
      const { [key]: _ended, ...left } = running.peek();
      running.value = left;
    }
  };
  return { running, start: (scope, table, yes) => void start(scope, table, yes) };
}
