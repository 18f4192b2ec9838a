import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import {
  type Measures,
  type Place,
  placeAt,
  revealed,
  rowsInView,
  START,
  scrolled,
  scrolledHeight,
  settled,
} from './scrolling';

export interface Rows {
  /** The element that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>;
  /** The rows to draw, `[first, end)`. */
  readonly first: number;
  readonly end: number;
  /** Rows that fit in the view. */
  readonly page: number;
  /** For the element inside the box that makes it scroll. */
  readonly height: number;
  /** For the element inside that one, which sticks to the box's top and holds the rows. */
  readonly layerHeight: number;
  /** Where a row stands in the layer, in pixels below its head. */
  y(row: number): number;
  /** Bring a row into view. */
  reveal(row: number): void;
}

/**
 * Rows of equal height in an element that scrolls, any number of them.
 *
 * The rows stand in a layer that does not scroll, so nothing is ever blank while scrolling.
 *
 * @param rowHeight - in pixels
 * @param headHeight - of what stays above the rows, in pixels
 */
export function useRows(rows: number, rowHeight: number, headHeight = 0): Rows {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>(START);
  const [boxHeight, setBoxHeight] = useState(0);
  const viewHeight = Math.max(0, boxHeight - headHeight);
  const measures: Measures = { rows, rowHeight, viewHeight };
  const now = useRef({ place, measures });
  now.current = { place: { ...place, top: placeAt(place.top, measures).top }, measures };

  const go = (next: Place) => {
    now.current.place = next;
    setPlace(next);
    if (box.current && Math.abs(box.current.scrollTop - next.scrollTop) >= 1) {
      box.current.scrollTop = next.scrollTop;
    }
  };

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) {
      return;
    }
    const ended = new AbortController();
    const { signal } = ended;
    const watch = new ResizeObserver(() => setBoxHeight(node.clientHeight));
    watch.observe(node);
    setBoxHeight(node.clientHeight);
    const whileScrolling = () => {
      const { place: from, measures: size } = now.current;
      // Our own doing, or sideways.
      if (Math.abs(node.scrollTop - from.scrollTop) >= 1) {
        go(scrolled(from, node.scrollTop, size));
      }
    };
    const settle = () => go(settled(now.current.place, now.current.measures));
    const wheel = (event: WheelEvent) => {
      const { place: from, measures: size } = now.current;
      const isScale = rowsAreScaled(size) && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const next = isScale ? placeAt(from.top + pixels(event, size), size) : from;
      if (event.deltaY && next.top !== from.top) {
        event.preventDefault();
        go(next);
      }
    };
    node.addEventListener('scroll', whileScrolling, { signal, passive: true });
    node.addEventListener('scrollend', settle, { signal });
    node.addEventListener('wheel', wheel, { signal, passive: false });
    return () => {
      ended.abort();
      watch.disconnect();
    };
  }, []);

  const [first, end] = rowsInView(now.current.place, measures);
  const { top } = now.current.place;
  const height = scrolledHeight(measures) + headHeight;
  return {
    box,
    first,
    end,
    page: Math.max(1, Math.floor(viewHeight / rowHeight) - 1),
    height,
    layerHeight: Math.min(height, boxHeight),
    y: row => Math.round(row * rowHeight - top),
    reveal: useMemo(
      () => (row: number) => {
        const { place: from, measures: size } = now.current;
        const next = revealed(row, from, size);
        if (next !== from) {
          go(next);
        }
      },
      [],
    ),
  };
}

/** The scrollbar is a scale of the rows: a wheel's notch would leap over hundreds. */
const rowsAreScaled = (measures: Measures) =>
  scrolledHeight(measures) < measures.rows * measures.rowHeight;

function pixels({ deltaY, deltaMode }: WheelEvent, { rowHeight, viewHeight }: Measures): number {
  const unit =
    deltaMode === WheelEvent.DOM_DELTA_LINE
      ? rowHeight
      : deltaMode === WheelEvent.DOM_DELTA_PAGE
        ? viewHeight
        : 1;
  return deltaY * unit;
}
