/** Lines as typed arrays: found by onset, drawn straight to the canvas. */
import type { Table } from '../arrow';
import type { Span } from './span';

/** The samples of one participant on one scale, in order of onset. */
export interface Line {
  readonly participant: string;
  readonly room: string;
  /** Their place in the list of values beside the row. */
  readonly slot: number;
  readonly onset: Float64Array;
  readonly value: Float64Array;
  /** Whether the line begins at a sample, or goes on there after a gap. */
  readonly begins: Uint8Array;
}

/** What a line is traced on: a canvas, or whatever measures it. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Read the lines of a row from its two tables, without copying samples. */
export function linesOf(samples: Table, lines: Table): Line[] {
  const onset = floats(samples, 'onset_sec');
  const value = floats(samples, 'value');
  const begins = Uint8Array.from(samples.getChild('begins').toArray() as Iterable<number>, Number);
  let first = 0;
  return lines.toArray().map(row => {
    const { participant, room, slot, count } = row as Record<string, never>;
    const [start, end] = [first, first + Number(count)];
    first = end;
    return {
      participant: String(participant),
      room: String(room),
      slot: Number(slot),
      onset: onset.subarray(start, end),
      value: value.subarray(start, end),
      begins: begins.subarray(start, end),
    };
  });
}

/** A median over lines, and over how many of them it is taken at each of its samples. */
export interface Median {
  readonly line: Line;
  readonly of: Float64Array;
}

/** Read the median of a row from its table. */
export function medianOf(table: Table): Median {
  const segment = floats(table, 'segment');
  const begins = Uint8Array.from(segment, (one, at) => Number(one !== segment[at - 1]));
  const [onset, value] = [floats(table, 'onset_sec'), floats(table, 'value')];
  const line = { participant: 'median', room: '', slot: 0, onset, value, begins };
  return { line, of: floats(table, 'count') };
}

/** A column of numbers; missing is NaN. */
export function floats(table: Table, name: string): Float64Array {
  const read = table.getChild(name).toArray();
  return read instanceof Float64Array
    ? read
    : Float64Array.from(read as Iterable<number | null>, one => one ?? Number.NaN);
}

/** The first place in rising numbers that holds a value or more. */
export function place(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] as number) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** How many samples lie between two moments. */
export const samplesIn = ({ onset }: Line, [start, end]: Span): number =>
  place(onset, end) - place(onset, start);

/** The sample nearest to a moment, at most so far from it; -1 where there is none. */
export function nearest({ onset }: Line, sec: number, within: number): number {
  const after = place(onset, sec);
  const before = after - 1;
  const far = (at: number) => Math.abs((onset[at] ?? Number.POSITIVE_INFINITY) - sec);
  const found = far(before) <= far(after) ? before : after;
  return far(found) <= within ? found : -1;
}

/**
 * Trace a line between two moments, cut exactly there; a gap is left open.
 *
 * @param x - seconds to pixels
 * @param y - values to pixels
 */
export function trace(
  pen: Pen,
  { onset, value, begins }: Line,
  [start, end]: Span,
  x: (sec: number) => number,
  y: (value: number) => number,
): void {
  const count = onset.length;
  let at = place(onset, start);
  const between = (after: number, sec: number) => {
    const [t0, t1] = [onset[after - 1] as number, onset[after] as number];
    const [v0, v1] = [value[after - 1] as number, value[after] as number];
    return t1 > t0 ? v0 + ((v1 - v0) * (sec - t0)) / (t1 - t0) : v1;
  };
  let down = false;
  if (at > 0 && at < count && !begins[at] && (onset[at] as number) > start) {
    pen.moveTo(x(start), y(between(at, start)));
    down = true;
  }
  for (; at < count && (onset[at] as number) <= end; at++) {
    const [px, py] = [x(onset[at] as number), y(value[at] as number)];
    if (down && !begins[at]) {
      pen.lineTo(px, py);
    } else {
      pen.moveTo(px, py);
      if (at + 1 >= count || begins[at + 1]) {
        pen.lineTo(px, py); // a sample alone is a dot
      }
    }
    down = true;
  }
  if (down && at < count && !begins[at]) {
    pen.lineTo(x(end), y(between(at, end)));
  }
}
