/** The values at the cursor, as they are written beside a row. */
import type { RowData } from './frame';
import { type Line, nearest } from './lines';

/** One value, or a word, on a line of its own beside the row. */
export interface Reading {
  /** Whose value it is; null: the median's. */
  readonly participant: string | null;
  /** The line it is written on. */
  readonly slot: number;
  readonly value: number;
  readonly text: string;
}

/** A number in one of the chart's formats: `.2f`, `+.0f`. */
export function written(value: number, number: string): string {
  const text = value.toFixed(Number(/\.(\d)f$/.exec(number)?.[1] ?? 2)).replace(/^-(?=[0.]*$)/, '');
  return number.startsWith('+') && Number(text) > 0 ? `+${text}` : text;
}

/** Whether two lines are the same person's in the same room. */
export const sameWho = (one: Line, other: Line): boolean =>
  one.participant === other.participant && one.room === other.room;

/**
 * The values of a row at a moment: of its median, else of each line.
 *
 * Where there is no place beside the row for all lines, and beside a median, one line is read: the chosen.
 *
 * @param most - how many values have a place beside the row
 */
export function readings(
  { facts, lines, median }: RowData,
  sec: number,
  most: number,
  chosen: Line | null,
): Reading[] {
  const read = (line: Line, slot: number, participant: string | null): Reading[] => {
    const at = nearest(line, sec, facts.reach_sec);
    const value = line.value[at];
    return value === undefined
      ? []
      : [{ participant, slot, value, text: written(value, facts.number) }];
  };
  const isCrowd = median !== null || lines.some(line => line.slot >= most);
  if (!isCrowd) {
    return lines.flatMap(line => read(line, line.slot, line.participant));
  }
  const twin = chosen && lines.find(line => sameWho(line, chosen));
  return [
    ...(median ? read(median.line, 0, null) : []),
    ...(twin ? read(twin, median ? 2 : 0, twin.participant) : []),
  ];
}

/** A line, and the number of its row. */
export interface RowLine {
  readonly row: number;
  readonly line: Line;
}

/** The lines that have a value at a moment: row by row, the highest first. */
export function linesAt(rows: readonly RowData[], sec: number): RowLine[] {
  return rows.flatMap(({ facts, lines }, row) =>
    lines
      .map(line => ({ row, line, value: line.value[nearest(line, sec, facts.reach_sec)] }))
      .filter(one => one.value !== undefined)
      .sort((one, other) => Number(other.value) - Number(one.value)),
  );
}

/** The line a step below or above the one of now, as far as there is one; the first where none is. */
export function beside(lines: readonly RowLine[], now: RowLine | null, by: -1 | 1): RowLine | null {
  const at = lines.findIndex(one => now && one.row === now.row && sameWho(one.line, now.line));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1);
  return lines[next] ?? null;
}

/** Over how many lines the median is taken at a moment. */
export function countAt({ facts, median }: RowData, sec: number): number | null {
  const at = median ? nearest(median.line, sec, facts.reach_sec) : -1;
  return median?.of[at] ?? null;
}
