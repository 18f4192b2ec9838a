import { useEffect, useRef, useState } from 'preact/hooks';

import type { TableState } from '../../contract';
import { useApp } from '../app';
import { Checklist, chosenText } from '../parts/checklist';
import { Popover } from '../parts/popover';
import { count, lasting } from '../words';
import { type Fetching, fetchKey } from './fetching';
import type { Held } from './records';

/** Milliseconds of rest after a letter before the kernel filters. */
const TYPING_MS = 250;

/** Above the grid: how much is here, what is shown of it, and the way to have all. */
export function RecordsBar({ table, held }: { table: TableState; held: Held | null }) {
  const { fetches, state } = useApp();
  const scope = state.opened.value?.scope;
  const fetching = scope && fetches.running.value[fetchKey(scope, table.table)];
  const columns = state.place.value.columns;
  const names = held?.others ?? [];
  const chosen = columns[table.table] ?? null;
  const choose = (next: readonly string[] | null) => {
    const { [table.table]: _before, ...others } = state.place.peek().columns;
    // No column at all is no table: the first stays.
    const kept = next && (next.length ? next : names.slice(0, 1));
    state.go({ columns: kept ? { ...others, [table.table]: kept } : others });
  };
  return (
    <div class="hs-Bar hs-Records-bar">
      <p class="hs-Records-count">{howMany(table, held)}</p>
      {held?.note && <p class="hs-Records-note">{held.note}</p>}
      <span class="hs-Bar-space" />
      <FilterBox />
      <Popover
        label="Columns"
        icon="columns"
        value={chosen ? chosenText(names, chosen) : ''}
        disabled={!names.length}
      >
        <Checklist kind="columns" choices={names} chosen={chosen} change={choose} />
      </Popover>
      {!table.whole && !fetching && scope && (
        <button
          type="button"
          class="hs-Button"
          title="Fetch every record, not only the pages looked at"
          onClick={() => fetches.start(scope, table.table)}
        >
          Fetch all
        </button>
      )}
      {fetching && <FetchProgress fetching={fetching} />}
    </div>
  );
}

/** `loaded 2,000 of 255,896`, and how many of them are shown. */
export function howMany(table: TableState, held: Held | null): string {
  const all = table.whole ? table.loaded : table.announced;
  const narrowed = held?.query.filter || held?.query.selection;
  const shown = narrowed && held.total !== null ? `${count(held.total)} shown, ` : '';
  if (table.whole) {
    return shown ? `${shown}${count(table.loaded)} in all` : `${count(table.loaded)} records`;
  }
  return `${shown}loaded ${count(table.loaded)} of ${all === null ? 'an unknown number' : count(all)}`;
}

function FilterBox() {
  const { records } = useApp();
  const now = records.filter.value;
  const [text, setText] = useState(now);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(now), [now]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      records.filter.value = next;
    }, TYPING_MS);
  };
  return (
    <input
      type="search"
      class="hs-Input hs-Filter"
      aria-label="Filter records"
      placeholder="Filter"
      spellcheck={false}
      autocomplete="off"
      value={text}
      onInput={event => typed(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Escape' && text) {
          event.stopPropagation();
          typed('');
        }
      }}
    />
  );
}

function FetchProgress({ fetching: { progress, cancel } }: { fetching: Fetching }) {
  const { received = 0, total = null } = progress ?? {};
  return (
    <div class="hs-Fetching">
      <progress
        aria-label="Fetching"
        max={total ?? undefined}
        value={total ? received : undefined}
      />
      <span>{progress ? howFar(progress) : 'asking …'}</span>
      <button type="button" class="hs-Button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

/** `12,000 of 255,896, 20 s left`. */
function howFar({ received, total, left_sec, waiting }: NonNullable<Fetching['progress']>): string {
  const come = total === null ? count(received) : `${count(received)} of ${count(total)}`;
  if (waiting) {
    return `${come}; ${waiting}`;
  }
  return left_sec === null ? come : `${come}, ${lasting(left_sec)} left`;
}
