import { useEffect, useState } from 'preact/hooks';

import { useApp } from './app';
import { Icon } from './parts/icons';
import { count } from './words';

const BUSY = 'The kernel is busy with a cell; the explorer goes on as soon as it is free.';
const NOBODY = 'No kernel answers yet. Where none is running, run the cell again.';

const GONE = 'No kernel answers any more: run the cell again.';

/** The last line: what the explorer is doing, and what is left of the hourly budget. */
export function StatusBar() {
  const { wire, said, hello, state, live } = useApp();
  const now = hello.value;
  const working = useLasting(wire.waiting.value > 0 || state.drawing.value > 0);
  const [kind, text] = wire.gone.value
    ? ['gone', GONE]
    : wire.busy.value
      ? ['busy', now ? BUSY : NOBODY]
      : live.sentence.value
        ? ['live', live.sentence.value]
        : working
          ? ['working', 'Loading …']
          : said.value
            ? ['done', said.value]
            : [
                'idle',
                state.scope.value ? 'Ready.' : 'Choose a room, an experiment or a participant.',
              ];
  return (
    <footer class="hs-Status">
      <div class="hs-Status-now" role="status" aria-label="Explorer status" data-kind={kind}>
        {kind === 'done' ? (
          <Icon name="check" />
        ) : (
          <span class="hs-Status-dot" aria-hidden="true" />
        )}
        <span>{text}</span>
      </div>
      {now && (
        <div class="hs-Status-right">
          {now.demo && <span class="hs-Badge">DEMO STUDY</span>}
          {now.requests_left !== null && (
            <span
              title="What the service still answers in this hour"
              data-low={now.requests_left < (now.requests_per_hour ?? 0) / 20}
            >
              {count(now.requests_left)}
              {now.requests_per_hour !== null && ` of ${count(now.requests_per_hour)}`} requests
              left
            </span>
          )}
          <span class="hs-Status-connection" title={now.connection}>
            {now.connection.replace(/^DEMO STUDY at /, '')}
          </span>
        </div>
      )}
    </footer>
  );
}

/** Milliseconds of work before it is worth a word. */
const WORTH_A_WORD_MS = 300;

/** True once something has been so for a while: what passes at once is not said. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), WORTH_A_WORD_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}
