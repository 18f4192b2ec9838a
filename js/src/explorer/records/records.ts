/** The records of the open tab: which query they answer, the pages that are here, the pages to ask for. */
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal as value,
} from '@preact/signals';

import type {
  PageAnswer,
  PageColumn,
  ScopeState,
  SelectionState,
  Sort,
  TableState,
} from '../../contract';
import { ROW } from '../../contract';
import type { Table } from '../arrow';
import { knowTables } from '../opening';
import { ALL, type State, same, steady } from '../state';
import { isCancelled, type Wire } from '../wire';
import { arranged, type CellValue } from './cells';

export const PAGE_ROWS = 200;
/** Pages kept: what was left behind long ago is asked for again. */
const PAGES_MOST = 50;
/** Rest after scrolling before a page that costs a request is asked for, in milliseconds. */
const COSTLY_REST_MS = 250;

/** What the grid shows; any other query begins at its top. */
export interface Query {
  readonly scope: ScopeState;
  readonly table: string;
  readonly selection: SelectionState | null;
  readonly sort: Sort | null;
  readonly filter: string;
  readonly columns: readonly string[] | null;
}

/** The answer to a query as far as it is here. */
export interface Held {
  readonly query: Query;
  readonly columns: readonly PageColumn[];
  /** Names of all columns of the table, in the order in which they are shown. */
  readonly others: readonly string[];
  readonly note: string | null;
  /** Rows to scroll through. */
  readonly rows: number;
  /** Rows that match; null: not known. */
  readonly total: number | null;
  readonly pages: ReadonlyMap<number, Table>;
}

export interface Records {
  /** The open tab. */
  readonly table: ReadonlySignal<TableState | null>;
  /** Only records in which a cell holds this text. */
  readonly filter: Signal<string>;
  readonly query: ReadonlySignal<Query | null>;
  readonly held: ReadonlySignal<Held | null>;
  /** These rows are in view. */
  need(first: number, end: number): void;
}

/** The table whose tab is open: the one that was chosen, else the first with records. */
export function openTable(tables: readonly TableState[], chosen: string): TableState | null {
  const readable = tables.filter(one => one.readable && one.announced !== 0);
  return tables.find(one => one.table === chosen) ?? readable[0] ?? tables[0] ?? null;
}

/** How many rows can be scrolled to after an answer. */
export function rowsAfter(answer: PageAnswer, query: Query, before: number): number {
  if (answer.total !== null) {
    return answer.total;
  }
  const end = answer.offset + answer.returned;
  if (answer.returned < PAGE_ROWS) {
    return end;
  }
  const all = !query.selection && !query.filter ? answer.state.announced : null;
  return Math.max(all ?? 0, before, end + 1);
}

/** The value of a cell; undefined while its page is not here. */
export function cellAt(held: Held, row: number, column: string): CellValue | undefined {
  const page = held.pages.get(Math.floor(row / PAGE_ROWS));
  const at = row % PAGE_ROWS;
  return page && at < page.numRows ? (page.getChild(column)?.at(at) ?? null) : undefined;
}

/** A record's number in its table, by which the kernel finds it. */
export const recordNumber = (held: Held, row: number): number | null => {
  const found = cellAt(held, row, ROW);
  return typeof found === 'number' ? found : null;
};

/** How much there is to read, once it is whole; before, pages come as they are asked for. */
const sizeOf = ({ whole, loaded }: TableState): number => (whole ? loaded : -1);

export function createRecords(
  wire: Wire,
  state: State,
  failed: (error: unknown, again: () => void) => void,
  worked: () => void,
  signal: AbortSignal,
): Records {
  const filter = value('');
  const held = value<Held | null>(null);
  const table = computed(() =>
    openTable(state.opened.value?.tables ?? [], state.place.value.table),
  );
  const name = computed(() => (table.value?.readable ? table.value.table : ''));
  const opened = computed(() => state.opened.value?.scope ?? null);
  const query = steady<Query | null>(() => {
    const scope = opened.value;
    if (!scope || !name.value) {
      return null;
    }
    const { sorts, columns } = state.place.value;
    const selection = state.selection.value;
    return {
      scope,
      table: name.value,
      selection: same(selection, ALL) ? null : selection,
      sort: sorts[name.value] ?? null,
      filter: filter.value.trim(),
      columns: columns[name.value] ?? null,
    };
  });
  // A table that has grown or has come whole is read again where the reader is.
  const sizeNow = computed(() => table.value && sizeOf(table.value));
  let size: number | null = null;

  const asked = new Map<number, AbortController>();
  const endAll = () => {
    for (const one of asked.values()) {
      one.abort();
    }
    asked.clear();
  };

  const ask = async (of: Query, page: number, first: boolean) => {
    const own = new AbortController();
    asked.set(page, own);
    try {
      const question = { ...of, offset: page * PAGE_ROWS, count: PAGE_ROWS };
      const { result, tables } = await wire.ask('page', question, { signal: own.signal });
      const before = held.peek();
      const kept = !first && before?.query === of ? before : null;
      const pages = new Map(kept?.pages);
      pages.delete(page);
      if (tables.rows) {
        pages.set(page, tables.rows);
      }
      for (const old of [...pages.keys()].slice(0, Math.max(0, pages.size - PAGES_MOST))) {
        pages.delete(old);
      }
      const { note, total } = result;
      const others = arranged(result.others, of.scope.kind !== 'experiment');
      const columns = [...result.columns].sort(
        (one, other) => others.indexOf(one.name) - others.indexOf(other.name),
      );
      const rows = rowsAfter(result, of, kept?.rows ?? 0);
      size = sizeOf(result.state);
      worked();
      held.value = { query: of, columns, others, note, rows, total, pages };
      knowTables(state, of.scope, [result.state]);
      if (of === query.peek() && size !== sizeNow.peek()) {
        size = sizeNow.peek();
        void ask(of, inPage(), true);
      }
    } catch (error) {
      if (!isCancelled(error)) {
        failed(error, () => ask(of, page, first));
      }
    } finally {
      if (asked.get(page) === own) {
        asked.delete(page);
      }
    }
  };

  let inView: readonly [number, number] = [0, 1];
  const inPage = () => Math.floor(inView[0] / PAGE_ROWS);
  let resting: ReturnType<typeof setTimeout> | undefined;
  const askInView = () => {
    const now = held.peek();
    if (!now || now.query !== query.peek()) {
      return;
    }
    const [first, end] = inView;
    const wanted = new Set<number>();
    for (let at = Math.floor(first / PAGE_ROWS); at * PAGE_ROWS < Math.min(end, now.rows); at++) {
      wanted.add(at);
    }
    for (const [page, one] of asked) {
      if (!wanted.has(page)) {
        one.abort();
        asked.delete(page);
      }
    }
    for (const page of wanted) {
      if (!now.pages.has(page) && !asked.has(page)) {
        void ask(now.query, page, false);
      }
    }
  };

  let before: Query | null = null;
  const stop = effect(() => {
    const next = query.value;
    if (next === before && (sizeNow.value === size || asked.has(inPage()))) {
      return; // what is under way may bring what is new
    }
    size = sizeNow.value;
    endAll();
    if (!next || next.table !== before?.table || !same(next.scope, before.scope)) {
      held.value = null;
    }
    const page = next === before ? inPage() : 0;
    before = next;
    if (next) {
      void ask(next, page, true);
    }
  });
  // A filter belongs to the table it was typed for.
  let shown = '';
  const stopFilter = effect(() => {
    if (name.value !== shown) {
      shown = name.value;
      filter.value = '';
    }
  });
  signal.addEventListener('abort', () => {
    stop();
    stopFilter();
    clearTimeout(resting);
    endAll();
  });

  return {
    table,
    filter,
    query,
    held,
    need: (first, end) => {
      inView = [first, end];
      clearTimeout(resting);
      const now = table.peek();
      if (now?.whole || now?.stored) {
        askInView();
      } else {
        resting = setTimeout(askInView, COSTLY_REST_MS);
      }
    },
  };
}
