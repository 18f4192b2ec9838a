import { useEffect, useRef, useState } from 'preact/hooks';

import type { TableState } from '../../contract';
import { useApp } from '../app';
import { Alerts } from '../parts/alert';
import { Icon } from '../parts/icons';
import { same } from '../state';
import { Grid, type Looked } from './grid';
import { cellAt } from './records';
import { RecordsBar } from './records_bar';
import { ValuePanel } from './value';

/** The open tab: its bar, its grid, and the value that is looked at. */
export function RecordsPanel({ table }: { table: TableState }) {
  const { records, state } = useApp();
  const [looked, setLooked] = useState<Looked | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const held = records.held.value;
  const query = records.query.value;

  // A value belongs to the query in which it was found.
  useEffect(() => setLooked(null), [query]);

  if (!table.readable) {
    return (
      <div class="hs-Empty">
        <Icon name="lock" />
        <p>
          <strong>{table.table}</strong> is not readable
          {table.key_scope ? `: needs ${table.key_scope}.` : ' with this key.'}
        </p>
        <p class="hs-quiet">{table.problem ?? 'Log in with a key that may read it.'}</p>
      </div>
    );
  }
  const close = () => {
    setLooked(null);
    body.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
  };
  const play =
    table.table === 'recordings' && held
      ? (row: number) => {
          const id = cellAt(held, row, 'recordingId');
          state.cursor.value = null; // from its beginning, wherever the pointer was last
          state.recording.value = typeof id === 'string' ? id : null;
        }
      : null;
  return (
    <>
      <RecordsBar table={table} held={held} />
      <Alerts places={['records']} />
      {[...table.warnings, ...(table.problem ? [table.problem] : [])].map(one => (
        <p class="hs-Note" key={one}>
          <Icon name="warning" />
          {one}
        </p>
      ))}
      <div
        ref={body}
        class="hs-Records-body"
        onKeyDown={event => {
          if (event.key === 'Escape' && looked) {
            event.stopPropagation();
            close();
          }
        }}
      >
        {held && held.rows > 0 ? (
          <Grid held={held} stale={!same(held.query, query)} look={setLooked} play={play} />
        ) : held ? (
          <Nothing filtered={Boolean(held.query.filter || held.query.selection)} />
        ) : (
          <div class="hs-Grid-waiting" aria-hidden="true" />
        )}
        {looked && held && <ValuePanel query={held.query} cell={looked} close={close} />}
      </div>
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <div class="hs-Empty">
      <p>{filtered ? 'No record matches.' : 'No records.'}</p>
      {filtered && <p class="hs-quiet">Change the filter, or clear the selection.</p>}
    </div>
  );
}
