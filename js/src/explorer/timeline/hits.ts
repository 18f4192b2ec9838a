/** What lies under the pointer. */
import type { RowFacts } from './facts';
import { type Line, nearest } from './lines';
import type { Box } from './picture';
import { momentAt, type Span, shareOf } from './span';

/** A mark of a row, with the fields of its dataset. */
export type Point = Readonly<Record<string, unknown>> & { readonly onset_sec: number };

/** How far from a mark or a line the pointer still means it, in pixels. */
const REACH_PX = 7;

/** The share of a lane that its band takes, as the chart's scale has it. */
const BAND = 0.8;

/** The row over whose plot a height lies, -1 for none. */
export const rowAt = (y: number, boxes: readonly Box[]): number =>
  boxes.findIndex(({ top, height }) => y >= top && y <= top + height);

/** Where a value stands in a row, in pixels below its top. */
export function valueY(value: number, [low, high]: readonly [number, number], height: number) {
  const share = (value - low) / (high - low);
  return (1 - Math.min(Math.max(share, 0), 1)) * height;
}

/** Where a mark stands in a row, in pixels below its top. */
export function pointY(
  point: Point,
  row: RowFacts,
  height: number,
  people: readonly string[],
): number {
  if (row.y) {
    return valueY(Number(point.value), row.y, height);
  }
  const lane = height / Math.max(1, row.lanes.length);
  const middle = (row.lanes.indexOf(String(point.lane)) + 0.5) * lane;
  if (!row.apart) {
    return middle;
  }
  const own = (people.indexOf(String(point.participant)) + 0.5) / people.length - 0.5;
  return middle + own * lane * BAND;
}

/** The mark of a row under a place in its plot. */
export function pointAt(
  x: number,
  y: number,
  points: readonly Point[],
  row: RowFacts,
  box: Box,
  window: Span,
  people: readonly string[],
): Point | null {
  let found: Point | null = null;
  let least = Number.POSITIVE_INFINITY;
  const tall = row.lanes.length ? (box.height / row.lanes.length) * 0.6 : REACH_PX;
  for (const point of points) {
    const from = shareOf(point.onset_sec, window) * box.width;
    const end =
      typeof point.end_sec === 'number' ? shareOf(point.end_sec, window) * box.width : from;
    const across = x < from ? from - x : x > end ? x - end : 0;
    if (across <= REACH_PX) {
      const isColumn = row.kind === 'bars' && !row.lanes.length;
      const down = isColumn ? 0 : Math.abs(pointY(point, row, box.height, people) - y);
      const far = across + down / 4;
      if (down <= tall && far < least) {
        least = far;
        found = point;
      }
    }
  }
  return found;
}

/** The line of a row nearest to a place in its plot. */
export function lineAt(
  x: number,
  y: number,
  lines: readonly Line[],
  row: RowFacts,
  box: Box,
  window: Span,
): Line | null {
  const sec = momentAt(x / box.width, window);
  let found: Line | null = null;
  let least = REACH_PX;
  for (const line of lines) {
    const at = nearest(line, sec, row.reach_sec);
    if (at >= 0 && row.y) {
      const far = Math.abs(valueY(line.value[at] as number, row.y, box.height) - y);
      if (far < least) {
        least = far;
        found = line;
      }
    }
  }
  return found;
}
