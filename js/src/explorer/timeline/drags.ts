/** Drags, wheels and pinches as arithmetic: from pixels of a plot to spans of time. */
import { clamp, momentAt, panned, type Span, shareOf, snapped, zoomed } from './span';

/** What the pointer acts on. */
export interface Ground {
  readonly window: Span;
  readonly domain: Span;
  readonly selection: Span | null;
  /** The width of a plot in pixels. */
  readonly width: number;
}

/** A drag, as it began. */
export type Drag =
  /** One end of a selection stays, the other follows the pointer. */
  | { readonly kind: 'select'; readonly fixed: number }
  /** A moment of the window follows the pointer. */
  | { readonly kind: 'pan'; readonly window: Span; readonly x: number };

/** How near to an edge of the selection the pointer takes it, in pixels. */
export const EDGE_PX = 5;

/** Less than so many pixels is a click. */
export const CLICK_PX = 3;

const PINCH = 0.008;
const NOTCH = 60;
const LINE_PX = 30;

/** The moment under a pixel, inside the domain. */
export const secAt = (x: number, { window, domain, width }: Ground): number =>
  clamp(momentAt(x / width, window), domain);

export const pixelAt = (sec: number, { window, width }: Ground): number =>
  shareOf(sec, window) * width;

/** The edge of the selection that lies under a pixel. */
export function edgeAt(x: number, ground: Ground): 'start' | 'end' | null {
  const { selection } = ground;
  if (!selection) {
    return null;
  }
  const [start, end] = selection.map(sec => Math.abs(pixelAt(sec, ground) - x)) as [number, number];
  if (Math.min(start, end) > EDGE_PX) {
    return null;
  }
  return end <= start ? 'end' : 'start';
}

/** Begin a drag: with Shift the window moves, else a selection begins or an edge of it is taken. */
export function begin(x: number, shift: boolean, ground: Ground): Drag {
  if (shift) {
    return { kind: 'pan', window: ground.window, x };
  }
  const edge = edgeAt(x, ground);
  const { selection } = ground;
  return {
    kind: 'select',
    fixed: edge && selection ? selection[edge === 'start' ? 1 : 0] : secAt(x, ground),
  };
}

/** The selection while an end of it is at a pixel. */
export const selected = (fixed: number, x: number, ground: Ground): Span =>
  snapped([fixed, secAt(x, ground)]);

/** The window while a moment of it is dragged to a pixel. */
export const dragged = (drag: Drag & { kind: 'pan' }, x: number, { domain, width }: Ground): Span =>
  panned(drag.window, domain, ((drag.x - x) / width) * (drag.window[1] - drag.window[0]));

/** The window after a turn of the wheel, or a pinch, over a pixel. */
export function wheeled(
  x: number,
  { deltaY, deltaMode }: Pick<WheelEvent, 'deltaY' | 'deltaMode'>,
  { window, domain, width }: Ground,
): Span {
  const pixels = clamp(deltaMode ? deltaY * LINE_PX : deltaY, [-NOTCH, NOTCH]);
  return zoomed(window, domain, 2 ** (pixels * PINCH), momentAt(x / width, window));
}

/** The window while two fingers that touched two moments are somewhere else. */
export function pinched(touched: Span, now: Span, { domain, width }: Ground): Span {
  const apart = Math.max(8, Math.abs(now[1] - now[0]));
  const long = ((Math.abs(touched[1] - touched[0]) || 1e-3) * width) / apart;
  const [left, first] = now[0] <= now[1] ? [now[0], touched[0]] : [now[1], touched[1]];
  const start = first - (left / width) * long;
  return zoomed([start, start + long], domain, 1, start + long / 2);
}
