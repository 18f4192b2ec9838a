/** How many records of each table are selected. */
import { effect, type ReadonlySignal, signal as value } from '@preact/signals';

import type { CountsAnswer } from '../contract';
import { ALL, type State, same, steady } from './state';
import type { Wire } from './wire';

/** Milliseconds of rest while a brush moves. */
const REST_MS = 120;

/** The counts of the selection; null: everything is selected, or they are not known yet. */
export function countSelected(
  wire: Wire,
  state: State,
  failed: (error: unknown) => void,
  signal: AbortSignal,
): ReadonlySignal<CountsAnswer | null> {
  const counts = value<CountsAnswer | null>(null);
  const asked = steady(() => ({
    scope: state.opened.value?.scope ?? null,
    selection: state.selection.value,
    loaded: state.opened.value?.tables.map(one => one.loaded),
  }));
  const stop = effect(() => {
    const { scope, selection } = asked.value;
    if (!scope || same(selection, ALL)) {
      counts.value = null;
      return;
    }
    const own = new AbortController();
    const rested = state.begin();
    const timer = setTimeout(() => {
      const reply = wire.ask('counts', { scope, selection }, { signal: own.signal });
      rested();
      reply.then(({ result }) => {
        counts.value = result;
      }, failed);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      own.abort();
      rested();
    };
  });
  signal.addEventListener('abort', stop);
  return counts;
}
