import type { PageColumn, Sort } from '../../contract';
import { Icon } from '../parts/icons';
import { standsRight } from './cells';
import { HEAD_ROW } from './grid_keys';

const LEAST_PX = 48;

interface Props {
  columns: readonly PageColumn[];
  sizes: readonly number[];
  gutter: number;
  sort: Sort | null;
  /** The column whose head is active, or -1. */
  active: number;
  cellId(row: number, column: number): string;
  sortBy(column: number, name: string): void;
  resize(name: string, px: number): void;
}

/** The columns' names: a click sorts, the edge can be dragged. */
export function GridHead({ columns, sizes, gutter, sort, active, cellId, sortBy, resize }: Props) {
  return (
    <div class="hs-Grid-head" role="row" aria-rowindex={1}>
      <div class="hs-Cell hs-Cell-gutter" role="columnheader" style={{ width: `${gutter}px` }}>
        <span class="hs-hidden">Row</span>
      </div>
      {columns.map((one, index) => {
        const order = sort?.column === one.name ? sort.order : null;
        return (
          <div
            key={one.name}
            id={cellId(HEAD_ROW, index)}
            class="hs-Cell hs-Cell-head"
            role="columnheader"
            aria-colindex={index + 2}
            aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none'}
            data-active={index === active}
            data-right={standsRight(one.kind)}
            title={[one.name, one.unit && `in ${one.unit}`, one.meaning].filter(Boolean).join('\n')}
            style={{ width: `${sizes[index]}px` }}
            onClick={() => sortBy(index, one.name)}
          >
            <span class="hs-Cell-text">{one.name}</span>
            {order && <Icon name={order === 'asc' ? 'up' : 'down'} />}
            <Edge size={sizes[index] ?? 0} resize={px => resize(one.name, px)} />
          </div>
        );
      })}
    </div>
  );
}

function Edge({ size, resize }: { size: number; resize(px: number): void }) {
  const down = (event: PointerEvent) => {
    const edge = event.currentTarget as HTMLElement;
    const ended = new AbortController();
    const { signal } = ended;
    const start = event.clientX;
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener(
      'pointermove',
      move => resize(Math.max(LEAST_PX, size + move.clientX - start)),
      { signal },
    );
    for (const end of ['pointerup', 'pointercancel'] as const) {
      edge.addEventListener(end, () => ended.abort(), { signal });
    }
  };
  return (
    <span
      class="hs-Cell-edge"
      aria-hidden="true"
      onPointerDown={down}
      onClick={event => event.stopPropagation()}
    />
  );
}
