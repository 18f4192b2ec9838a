import { useApp } from './app';
import { Bounds } from './bounds';
import { Alerts } from './parts/alert';
import { Checklist, chosenText } from './parts/checklist';
import { Popover } from './parts/popover';
import { ALL, same } from './state';
import { count } from './words';

/** The one selection: a window of time, participants, types; and how much it holds. */
export function SelectionBar() {
  const { state } = useApp();
  const selection = state.selection.value;
  const tables = state.opened.value?.tables.filter(one => one.readable) ?? [];
  const types = tables.map(one => one.table);
  const participants = [
    ...new Set([
      ...(state.drawn.value?.choices.participants ?? []),
      ...(selection.participants ?? []),
    ]),
  ];
  return (
    <section class="hs-Selection" aria-label="Selection">
      <div class="hs-Bar">
        <Bounds />
        <Popover
          label="Participants"
          value={chosenText(participants, selection.participants)}
          disabled={!participants.length}
        >
          <Checklist
            kind="participants"
            choices={participants}
            chosen={selection.participants}
            change={chosen => state.select({ participants: chosen })}
          />
        </Popover>
        <Popover label="Types" value={chosenText(types, selection.types)} disabled={!types.length}>
          <Checklist
            kind="types"
            choices={types}
            chosen={selection.types}
            change={chosen => state.select({ types: chosen })}
          />
        </Popover>
        <button
          type="button"
          class="hs-Button"
          disabled={same(selection, ALL)}
          onClick={() => state.select(ALL)}
        >
          Clear selection
        </button>
        <SelectedCounts />
      </div>
      <Alerts places={['selection']} />
    </section>
  );
}

function SelectedCounts() {
  const { state, counts } = useApp();
  if (same(state.selection.value, ALL)) {
    return <p class="hs-Selection-all">Everything is selected.</p>;
  }
  const now = counts.value;
  if (!now) {
    return <p class="hs-Selection-counts hs-quiet">Counting …</p>;
  }
  const held = Object.entries(now.counts).filter(([, number]) => number > 0);
  const partial = held.some(([table]) => now.partial.includes(table));
  return (
    <p class="hs-Selection-counts">
      {held.map(([table, number]) => (
        <span key={table} class="hs-Chip">
          <b>{count(number)}</b> {table}
          {now.partial.includes(table) && '*'}
        </span>
      ))}
      {!held.length && <span class="hs-quiet">No record lies in it.</span>}
      {partial && <span class="hs-quiet">* among the records loaded so far</span>}
    </p>
  );
}
