import { useApp } from './app';
import { Bounds } from './bounds';
import { Alerts } from './parts/alert';
import { Checklist, chosenText } from './parts/checklist';
import { Popover } from './parts/popover';
import { ALL, same } from './state';
import { count, counted } from './words';

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
    return (
      <p class="hs-Selection-counts hs-quiet">All is selected: drag in the timeline to narrow.</p>
    );
  }
  const now = counts.value;
  if (!now) {
    return <p class="hs-Selection-counts hs-quiet">counting …</p>;
  }
  const held = Object.entries(now.counts).filter(([, number]) => number > 0);
  return (
    <p class="hs-Selection-counts">
      {held.length ? (
        held.map(([table, number]) => (
          <span key={table} class="hs-Chip">
            <b>{count(number)}</b> {table}
            {now.partial.includes(table) && <span title="among the records loaded so far">*</span>}
          </span>
        ))
      ) : (
        <span class="hs-quiet">No record lies in it.</span>
      )}
      {now.partial.length > 0 && (
        <span class="hs-quiet">
          * {counted(now.partial.length, 'table')} not loaded whole: counted are the records loaded
        </span>
      )}
    </p>
  );
}
