import { Icon } from '../parts/icons';
import { cellText, standsRight } from './cells';
import { cellAt, type Held } from './records';

interface Props {
  held: Held;
  row: number;
  y: number;
  sizes: readonly number[];
  gutter: number;
  /** The active column of this row, or -1. */
  active: number;
  cellId(row: number, column: number): string;
  pick(column: number): void;
  look(column: number): void;
  play: (() => void) | null;
}

/** One record; what has not come yet is a bar in its place. Text is text: it never becomes markup. */
export function GridRow(props: Props) {
  const { held, row, y, sizes, gutter, active, cellId, pick, look, play } = props;
  return (
    <div
      class="hs-Row"
      role="row"
      aria-rowindex={row + 2}
      data-odd={row % 2 === 1}
      style={{ transform: `translateY(${y}px)` }}
    >
      <div class="hs-Cell hs-Cell-gutter" role="rowheader" style={{ width: `${gutter}px` }}>
        {play && (
          <button
            type="button"
            class="hs-IconButton hs-Play"
            tabIndex={-1}
            aria-label={`Play the recording of row ${row + 1}`}
            title="Play"
            onClick={play}
          >
            <Icon name="play" />
          </button>
        )}
        {row + 1}
      </div>
      {held.columns.map((column, index) => {
        const value = cellAt(held, row, column.name);
        const text = value === undefined ? '' : cellText(value, column);
        return (
          <div
            key={column.name}
            id={cellId(row, index)}
            class="hs-Cell"
            role="gridcell"
            aria-colindex={index + 2}
            data-active={index === active}
            data-kind={column.kind}
            data-right={standsRight(column.kind)}
            style={{ width: `${sizes[index]}px` }}
            onClick={() => pick(index)}
            onDblClick={() => look(index)}
          >
            {value === undefined ? (
              <span class="hs-Cell-coming" />
            ) : value === null ? (
              <span class="hs-Cell-missing" title="missing">
                –
              </span>
            ) : (
              <span class="hs-Cell-text">{text}</span>
            )}
            {column.kind === 'nested' && text && (
              <button
                type="button"
                class="hs-Cell-expand"
                tabIndex={-1}
                aria-label={`Expand ${column.name}`}
                title="Expand (Enter)"
                onClick={() => look(index)}
              >
                <Icon name="right" />
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}
