/**
 * Which of very many rows are in view.
 *
 * Rows are equally high, so a row's place is a multiplication; a library for virtual rows would keep a
 * measurement of every row, 10 million of them. Browsers end an element's height between 17 and 33
 * million pixels (Firefox, Chromium), 10 million rows need 280: beyond `HEIGHT_MAX` the scrollbar is a
 * scale of the rows, and short ways (wheel, touch) still move pixel by pixel.
 */

/** The greatest height asked of a browser, in pixels; half of what the strictest gives. */
export const HEIGHT_MAX = 8_000_000;

/** Rows drawn above and below what is seen, for quick scrolling. */
const ROWS_BEYOND = 4;

/** The measures of a scrolled list of rows; lengths in pixels. */
export interface Measures {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the part in which rows are seen. */
  readonly viewHeight: number;
}

/** Where the list is scrolled to: `top` in pixels of the rows, `scrollTop` of the scrollbar. */
export interface Place {
  readonly top: number;
  readonly scrollTop: number;
}

export const START: Place = { top: 0, scrollTop: 0 };

/** The height of all rows, in pixels. */
export const heightOf = ({ rows, rowHeight }: Measures): number => rows * rowHeight;

/** The height that the scrolled element is given. */
export const scrolledHeight = (measures: Measures): number =>
  Math.min(heightOf(measures), HEIGHT_MAX);

/** How far `top` goes, and how far `scrollTop`. */
const ends = (measures: Measures): [number, number] => [
  Math.max(0, heightOf(measures) - measures.viewHeight),
  Math.max(0, scrolledHeight(measures) - measures.viewHeight),
];

const clamp = (value: number, max: number) => Math.min(Math.max(0, value), max);

/** The place at which the rows are scrolled to `top`. */
export function placeAt(top: number, measures: Measures): Place {
  const [topMax, scrollMax] = ends(measures);
  const held = clamp(top, topMax);
  return { top: held, scrollTop: topMax > 0 ? (held / topMax) * scrollMax : 0 };
}

/**
 * The place after the browser scrolled to `scrollTop`.
 *
 * A short way is taken pixel by pixel, a long one (the scrollbar's thumb, Home, End) to the same share
 * of all rows. After short ways scrollbar and rows drift apart: `settled` joins them again.
 */
export function scrolled(from: Place, scrollTop: number, measures: Measures): Place {
  const [topMax, scrollMax] = ends(measures);
  const way = scrollTop - from.scrollTop;
  const end = scrollTop <= 0 || scrollTop >= scrollMax;
  const short = topMax > scrollMax && !end && Math.abs(way) <= measures.viewHeight;
  const top = short ? from.top + way : scrollMax > 0 ? (scrollTop / scrollMax) * topMax : 0;
  return { top: clamp(top, topMax), scrollTop };
}

/** The place with the scrollbar where it belongs to the rows. */
export const settled = (place: Place, measures: Measures): Place => placeAt(place.top, measures);

/** The rows to draw, `[first, end)`. */
export function rowsInView({ top }: Place, measures: Measures): [number, number] {
  const { rows, rowHeight, viewHeight } = measures;
  const first = Math.floor(top / rowHeight) - ROWS_BEYOND;
  const end = Math.ceil((top + viewHeight) / rowHeight) + ROWS_BEYOND;
  return [clamp(first, rows), clamp(end, rows)];
}

/** The place nearest to `place` at which a row is wholly in view. */
export function revealed(row: number, place: Place, measures: Measures): Place {
  const { rowHeight, viewHeight } = measures;
  const start = row * rowHeight;
  if (start < place.top || viewHeight < rowHeight) {
    return placeAt(start, measures);
  }
  if (start + rowHeight > place.top + viewHeight) {
    return placeAt(start + rowHeight - viewHeight, measures);
  }
  return place;
}
