/** The grid keys of the ARIA practices, as arithmetic. */

/** A cell of the grid; the head is the row before the first. */
export interface At {
  readonly row: number;
  readonly column: number;
}

export const HEAD_ROW = -1;

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Where a key leads; null: nowhere. */
export function moved(event: Key, at: At, rows: number, columns: number, page: number): At | null {
  const to = (row: number, column: number): At => ({
    row: Math.min(Math.max(HEAD_ROW, row), rows - 1),
    column: Math.min(Math.max(0, column), columns - 1),
  });
  const { row, column } = at;
  const far = event.ctrlKey || event.metaKey;
  if (event.altKey || (far && !['Home', 'End', 'ArrowUp', 'ArrowDown'].includes(event.key))) {
    return null;
  }
  switch (event.key) {
    case 'ArrowDown':
      return far ? to(rows - 1, column) : to(row + 1, column);
    case 'ArrowUp':
      return far ? to(0, column) : to(row - 1, column);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'PageDown':
      return to(row + page, column);
    case 'PageUp':
      return to(Math.max(0, row - page), column);
    case 'Home':
      return far ? to(0, 0) : to(row, 0);
    case 'End':
      return far ? to(rows - 1, columns - 1) : to(row, columns - 1);
    default:
      return null;
  }
}
