import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { PageColumn } from '../../contract';
import { useApp } from '../app';
import { copy } from '../parts/copying';
import { useRows } from '../parts/rows';
import { type CellValue, columnWidth, copyText } from './cells';
import { GridHead } from './grid_head';
import { type At, HEAD_ROW, moved } from './grid_keys';
import { GridRow } from './grid_row';
import { cellAt, type Held, type Query, recordNumber } from './records';

export const HEAD_PX = 32;
const ROW_PX = 27;
const SAMPLES = 40;
const DIGIT_PX = 7.3;

/** A cell that is looked at whole. */
export interface Looked {
  readonly row: number;
  readonly record: number;
  readonly column: PageColumn;
}

interface Props {
  held: Held;
  /** The query that is being answered is another one: what is shown is about to change. */
  stale: boolean;
  look(cell: Looked): void;
  play: ((row: number) => void) | null;
}

/** The grid 'Records': only the rows in view are drawn; the focus stays on the grid itself. */
export function Grid({ held, stale, look, play }: Props) {
  const { records, state, troubles, wire, said } = useApp();
  const id = useId();
  const { columns, query } = held;
  const rows = useRows(held.rows, ROW_PX, HEAD_PX);
  const [at, setAt] = useState<At>({ row: 0, column: 0 });
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const shape = `${query.table} ${columns.map(one => one.name).join(' ')}`;
  const first = useRef(held);
  if (first.current.query.table !== query.table) {
    first.current = held;
  }
  const natural = useMemo(
    () => columns.map(one => columnWidth(one, samples(first.current, one.name))),
    [shape],
  );
  const sizes = columns.map(
    (one, index) => widths[`${query.table} ${one.name}`] ?? natural[index] ?? 0,
  );
  const gutter = Math.round(String(held.rows).length * DIGIT_PX + (play ? 44 : 20));
  const width = sizes.reduce((sum, one) => sum + one, gutter);

  // Another query is another list; the same one, read again, stays where it is.
  useLayoutEffect(() => rows.reveal(0), [query]);
  const needed = useRef<Query | null>(null);
  useEffect(() => {
    // Not yet scrolled to its top: what was in view of the last list is not wanted of this one.
    const isAnother = needed.current !== query;
    needed.current = query;
    records.need(isAnother ? 0 : rows.first, isAnother ? rows.page + 1 : rows.end);
  }, [rows.first, rows.end, held]);

  const column = Math.min(at.column, columns.length - 1);
  const row = Math.min(at.row, held.rows - 1);
  const cellId = (r: number, c: number) => `${id}-${r}-${c}`;

  const go = (next: At) => {
    setAt(next);
    if (next.row !== HEAD_ROW) {
      rows.reveal(next.row);
    }
    showColumn(rows.box.current, sizes, next.column, gutter);
  };
  const sortBy = (name: string) => {
    const { sorts } = state.place.peek();
    const { [query.table]: now, ...others } = sorts;
    const ascending = now?.column === name && now.order === 'asc';
    const next =
      now?.column !== name
        ? { ...others, [query.table]: { column: name, order: 'asc' as const } }
        : ascending
          ? { ...others, [query.table]: { column: name, order: 'desc' as const } }
          : others;
    state.go({ sorts: next });
  };
  const lookAt = (r: number, c: number) => {
    const record = recordNumber(held, r);
    const one = columns[c];
    if (record !== null && one) {
      look({ row: r, record, column: one });
    }
  };
  const copyCell = async () => {
    const one = columns[column];
    const record = recordNumber(held, row);
    if (!one || record === null) {
      return;
    }
    try {
      const here = copyText(cellAt(held, row, one.name) ?? null, one.kind);
      const { scope, table } = query;
      const whole = async () =>
        (await wire.ask('cell', { scope, table, row: record, column: one.name })).result.text ?? '';
      await copy(here ?? whole());
      said.value = `${one.name} of row ${row + 1} is copied.`;
    } catch (error) {
      troubles.tell(error, 'records');
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    const next = moved(event, { row, column }, held.rows, columns.length, rows.page);
    if (next) {
      go(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      row === HEAD_ROW ? sortBy(columns[column]?.name ?? '') : lookAt(row, column);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && row !== HEAD_ROW) {
      if (String(document.getSelection())) {
        return; // text that is marked is what a reader wants
      }
      void copyCell();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={rows.box}
      class="hs-Grid"
      role="grid"
      aria-label="Records"
      aria-rowcount={held.rows + 1}
      aria-colcount={columns.length + 1}
      aria-busy={stale}
      aria-activedescendant={columns.length ? cellId(row, column) : undefined}
      tabIndex={0}
      data-stale={stale}
      onKeyDown={keyDown}
    >
      <div class="hs-Rows" role="none" style={{ height: `${rows.height}px`, width: `${width}px` }}>
        <div class="hs-Rows-layer" role="none" style={{ height: `${rows.layerHeight}px` }}>
          <GridHead
            columns={columns}
            sizes={sizes}
            gutter={gutter}
            sort={query.sort}
            active={row === HEAD_ROW ? column : -1}
            cellId={cellId}
            sortBy={(c, name) => {
              setAt({ row: HEAD_ROW, column: c });
              sortBy(name);
            }}
            resize={(name, px) => setWidths({ ...widths, [`${query.table} ${name}`]: px })}
          />
          <div class="hs-Grid-body" role="rowgroup">
            {Array.from({ length: rows.end - rows.first }, (_, offset) => {
              const index = rows.first + offset;
              return (
                <GridRow
                  key={index}
                  held={held}
                  row={index}
                  y={rows.y(index)}
                  sizes={sizes}
                  gutter={gutter}
                  active={index === row ? column : -1}
                  cellId={cellId}
                  pick={c => setAt({ row: index, column: c })}
                  look={c => lookAt(index, c)}
                  play={play && (() => play(index))}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function samples(held: Held, column: string): CellValue[] {
  const found: CellValue[] = [];
  for (let row = 0; row < Math.min(SAMPLES, held.rows); row++) {
    found.push(cellAt(held, row, column) ?? null);
  }
  return found;
}

/** Scroll sideways until a column is wholly in view, beside the gutter that stays. */
function showColumn(
  box: HTMLElement | null,
  sizes: readonly number[],
  column: number,
  gutter: number,
): void {
  if (!box) {
    return;
  }
  const start = sizes.slice(0, column).reduce((sum, one) => sum + one, 0);
  const end = start + (sizes[column] ?? 0) + gutter;
  if (start < box.scrollLeft) {
    box.scrollLeft = start;
  } else if (end > box.scrollLeft + box.clientWidth) {
    box.scrollLeft = end - box.clientWidth;
  }
}
