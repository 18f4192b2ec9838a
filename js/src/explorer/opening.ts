/** Keeps `state.opened` true to the scope: opens what a view wishes, follows what others open. */
import { batch, effect } from '@preact/signals';

import type { ScopeState, TableState } from '../contract';
import type { Opened, State } from './state';
import { same, steady } from './state';
import { isCancelled, type Problem, type Reply, type Wire } from './wire';

/**
 * Join scope and kernel until the signal ends.
 *
 * `state.opening` is a wish: it is sent as the request `open`, the last wish wins, and it is null again
 * when the scope is open or `failed` was told why not.
 */
export function followScope(
  wire: Wire,
  state: State,
  failed: (problem: Problem, again: () => void) => void,
  signal: AbortSignal,
): void {
  let asked = new AbortController();
  const anew = () => {
    asked.abort();
    asked = new AbortController();
    return { signal: asked.signal };
  };
  const know = (reply: Promise<Reply<'open'> | Reply<'types'>>, scope: ScopeState) =>
    reply.then(
      ({ result }) => {
        batch(() => {
          // The traits may come later than the answer.
          if ('selection' in result) {
            state.select(result.selection);
          }
          state.opened.value = opened(result);
          state.opening.value = null;
        });
      },
      problem => {
        if (!isCancelled(problem) || wire.gone.peek()) {
          state.opening.value = null;
          failed(problem, () => {
            state.opening.value = scope;
          });
        }
      },
    );

  const stopWishes = effect(() => {
    const scope = state.opening.value;
    if (scope) {
      void know(wire.ask('open', { scope }, anew()), scope);
    }
  });
  const stopScope = effect(() => {
    const scope = state.scope.value;
    if (state.opening.peek() || same(state.opened.peek()?.scope ?? null, scope)) {
      return;
    }
    state.opened.value = null;
    if (scope) {
      void know(wire.ask('types', { scope }, anew()), scope);
    }
  });
  // What belongs to a scope goes with it.
  const scopeNow = steady(() => state.scope.value);
  const stopRest = effect(() => {
    void scopeNow.value;
    state.cursor.value = null;
    state.recording.value = null;
  });
  wire.listen(message => {
    if (message.type === 'news') {
      knowTables(state, message.scope, message.tables);
    }
  }, signal);
  signal.addEventListener('abort', () => {
    stopWishes();
    stopScope();
    stopRest();
    asked.abort();
  });
}

const opened = ({ scope, title, running, tables }: Opened): Opened => ({
  scope,
  title,
  running,
  tables,
});

/** Take over what the kernel now says of some tables, if their scope is the one that is open. */
export function knowTables(state: State, scope: ScopeState, tables: readonly TableState[]): void {
  const now = state.opened.peek();
  if (!now || !same(now.scope, scope)) {
    return;
  }
  const changed = new Map(tables.map(one => [one.table, one]));
  const next = now.tables.map(one => {
    const said = changed.get(one.table);
    return said && said.version >= one.version ? said : one; // answers may overtake news
  });
  if (!same(next, now.tables)) {
    state.opened.value = { ...now, tables: next };
  }
}
