/** Following a running room: new records every few seconds, as long as somebody wants it. */
import { effect, type ReadonlySignal, type Signal, signal as value } from '@preact/signals';

import type { News } from '../contract';
import { knowTables } from './opening';
import { type State, same, steady } from './state';
import type { Wire } from './wire';
import { counted, lasting } from './words';

export interface Live {
  /** Set it to follow the room that is open, or to stop. */
  readonly following: Signal<boolean>;
  readonly sentence: ReadonlySignal<string>;
}

export function createLive(
  wire: Wire,
  state: State,
  failed: (error: unknown, again: () => void) => void,
  signal: AbortSignal,
): Live {
  const following = value(false);
  const sentence = value('');
  const room = steady(() => (state.opened.value?.running ? state.opened.value.scope : null));

  const stop = effect(() => {
    const scope = room.value;
    sentence.value = '';
    if (!scope || !following.value) {
      following.value = false;
      return;
    }
    const own = new AbortController();
    let added = 0;
    const news = (one: News) => {
      knowTables(state, scope, one.tables);
      const next = one.next_sec === null ? '' : ` Looks again in ${lasting(one.next_sec)}.`;
      added += one.added; // since it is followed: each table has news of its own
      const said = added ? counted(added, 'new record') : 'nothing new';
      sentence.value = one.sentence ?? `Following: ${said}.${next}`;
    };
    const follow = async () => {
      try {
        let running = true;
        while (running && !own.signal.aborted) {
          const { result } = await wire.ask(
            'live',
            { scope },
            { signal: own.signal, news, quiet: true },
          );
          running = result.running;
        }
        const now = state.opened.peek();
        if (now && same(now.scope, scope)) {
          state.opened.value = { ...now, running: false };
        }
      } catch (error) {
        if (!own.signal.aborted) {
          following.value = false;
          failed(error, () => {
            following.value = true;
          });
        }
      }
    };
    sentence.value = 'Following the room …';
    void follow();
    return () => own.abort();
  });
  signal.addEventListener('abort', stop);
  return { following, sentence };
}
