import { useEffect, useId, useRef } from 'preact/hooks';

import type { TableState } from '../../contract';
import { useApp } from '../app';
import { Alerts } from '../parts/alert';
import { Icon } from '../parts/icons';
import { brief, count } from '../words';
import { RecordsPanel } from './panel';

/** The data types as tabs, each with its number of records, and the panel of the open one. */
export function DataTypes() {
  const { state, records, counts } = useApp();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const tables = state.opened.value?.tables ?? [];
  const open = records.table.value;
  const at = tables.findIndex(one => one.table === open?.table);

  const go = (index: number) => {
    const next = tables[(index + tables.length) % tables.length];
    if (next) {
      state.go({ table: next.table });
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tables.length - 1 }[
      event.key
    ];
    if (to !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      go(to);
      list.current
        ?.querySelectorAll<HTMLElement>('[role=tab]')
        [(to + tables.length) % tables.length]?.focus();
    }
  };
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected=true]');
    if (tab && list.current) {
      const { offsetLeft: left, offsetWidth: width } = tab;
      const { scrollLeft, clientWidth } = list.current;
      if (left < scrollLeft || left + width > scrollLeft + clientWidth) {
        list.current.scrollLeft = left - (clientWidth - width) / 2;
      }
    }
  }, [at]);

  return (
    <section class="hs-Records">
      <Alerts places={['types']} />
      <div
        ref={list}
        class="hs-Tabs"
        role="tablist"
        aria-label="Data types"
        tabIndex={-1}
        onKeyDown={keyDown}
      >
        {tables.map((one, index) => (
          <Tab
            key={one.table}
            id={`${id}-tab-${one.table}`}
            panel={`${id}-panel`}
            table={one}
            selected={counts.value?.counts[one.table] ?? null}
            open={index === at}
            choose={() => go(index)}
          />
        ))}
      </div>
      {open && (
        <div
          id={`${id}-panel`}
          class="hs-Records-panel"
          role="tabpanel"
          aria-labelledby={`${id}-tab-${open.table}`}
        >
          <RecordsPanel key={open.table} table={open} />
        </div>
      )}
    </section>
  );
}

interface TabProps {
  id: string;
  panel: string;
  table: TableState;
  /** How many of its records are selected; null: all of them, or not known. */
  selected: number | null;
  open: boolean;
  choose(): void;
}

function Tab({ id, panel, table, selected, open, choose }: TabProps) {
  const all = table.whole ? table.loaded : table.announced;
  const locked = !table.readable;
  const said = locked
    ? `not readable${table.key_scope ? `: needs ${table.key_scope}` : ''}`
    : all === null
      ? ''
      : `${count(all)} records${selected === null ? '' : `, ${count(selected)} selected`}`;
  return (
    <button
      type="button"
      id={id}
      class="hs-Tab"
      role="tab"
      aria-selected={open}
      aria-controls={open ? panel : undefined}
      title={[table.meaning, said].filter(Boolean).join('\n')}
      tabIndex={open ? 0 : -1}
      data-locked={locked}
      data-empty={all === 0}
      onClick={choose}
    >
      {locked && <Icon name="lock" />}
      <span>
        {table.table}
        {said && <span class="hs-spoken">, {said}</span>}
      </span>
      {!locked && all !== null && (
        <span class="hs-Tab-count" aria-hidden="true">
          {selected === null ? '' : `${brief(selected)} / `}
          {brief(all)}
        </span>
      )}
    </button>
  );
}
