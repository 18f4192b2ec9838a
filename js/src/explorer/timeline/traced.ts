/**
 * Lines that Vega draws from typed arrays.
 *
 * Vega makes an item of every sample of a line and looks at each again whenever the window moves. Here a
 * line is one item whose shape traces the samples that the window shows: moving the window costs what
 * drawing costs, and new data are there at once.
 */
import type { Data, EncodeEntry, Mark, Spec } from 'vega';

import type { Pen } from './lines';
import type { Span } from './span';

/** What a traced item knows when it is drawn: what it shows, and how Vega would stroke it. */
export interface Stage {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly opacity: number;
  readonly start_sec: number;
  readonly end_sec: number;
  readonly width_px: number;
  readonly height_px: number;
}

/** One line of a traced dataset; `participant` gives its colour. */
export interface Traced {
  readonly participant: string;
  readonly shape: Shape;
}

/** A shape as Vega calls it: for a canvas, or for what measures its bounds. */
export interface Shape {
  context(context: CanvasRenderingContext2D): (item: Stage) => void;
}

/**
 * A shape that strokes with a function; its bounds are those of its row.
 *
 * @param lookOf - how it looks just now
 */
export function shapeOf(lookOf: () => Look, trace: (pen: Pen, stage: Stage) => void): Shape {
  return {
    context: context => stage => {
      if ('stroke' in context) {
        stroke(context, stage, lookOf(), pen => trace(pen, stage));
        context.beginPath(); // Vega strokes what is left
        return;
      }
      const bounds = context as CanvasRenderingContext2D;
      bounds.moveTo(0, -MARGIN_PX);
      bounds.lineTo(stage.width_px, stage.height_px + MARGIN_PX);
    },
  };
}

/** Fainter than this are lines of a crowd. */
const CROWD = 0.5;

/** A long path is stroked in parts: a browser without a graphics card needs ten times as long for the whole. */
const PART = 16;

/** Stroke a path as fast as browsers can: one device pixel wide, or in parts. */
function stroke(
  canvas: CanvasRenderingContext2D,
  { stroke: color, strokeWidth, opacity }: Stage,
  { isThicket, isFaint }: Look,
  trace: (pen: Pen) => void,
): void {
  canvas.save();
  canvas.globalAlpha *= opacity * (isFaint ? FAINT : 1);
  canvas.strokeStyle = color;
  canvas.beginPath();
  if (isThicket || opacity < CROWD) {
    canvas.lineWidth = 1 / (window.devicePixelRatio || 1);
    trace(canvas);
  } else {
    canvas.lineWidth = strokeWidth;
    canvas.lineCap = 'round';
    canvas.lineJoin = 'round';
    let count = 0;
    trace({
      moveTo: (x, y) => canvas.moveTo(x, y),
      lineTo: (x, y) => {
        canvas.lineTo(x, y);
        if (++count % PART === 0) {
          canvas.stroke();
          canvas.beginPath();
          canvas.moveTo(x, y);
        }
      },
    });
  }
  canvas.stroke();
  canvas.restore();
}

/** How a line looks beside what Vega says. */
export interface Look {
  /** So much is drawn that the thinnest lines show most. */
  readonly isThicket: boolean;
  /** It is of somebody who is not selected. */
  readonly isFaint: boolean;
}

const FAINT = 0.25;

/** The seconds that a stage shows. */
export const spanOf = ({ start_sec, end_sec }: Stage): Span => [start_sec, end_sec];

const MARGIN_PX = 4;

/** What of Vega's line mark says where a sample stands: a traced line knows. */
const PLACES = new Set(['x', 'y', 'defined']);

/** Draw the lines of some datasets as traced shapes. */
export function traced(vega: Spec, datasets: ReadonlySet<string>): Spec {
  const data = vega.data ?? [];
  const change = (mark: Mark): Mark => {
    if (mark.type !== 'group') {
      return mark;
    }
    const facet = mark.from && 'facet' in mark.from ? mark.from.facet : undefined;
    const root = facet && 'data' in facet ? rootOf(data, facet.data) : undefined;
    const line = mark.marks?.find(one => one.type === 'line');
    if (line && root !== undefined && datasets.has(root)) {
      return asShape(line, root);
    }
    return mark.marks ? { ...mark, marks: mark.marks.map(change) } : mark;
  };
  return vega.marks ? { ...vega, marks: vega.marks.map(change) } : vega;
}

function asShape(line: Mark, data: string): Mark {
  const look = Object.entries(line.encode?.update ?? {}).filter(([name]) => !PLACES.has(name));
  const update = {
    ...Object.fromEntries(look),
    shape: { field: 'shape' },
    start_sec: { signal: 'window_start_sec' },
    end_sec: { signal: 'window_end_sec' },
    width_px: { signal: 'width' },
    height_px: { field: { group: 'height' } },
  };
  return {
    type: 'shape',
    from: { data },
    interactive: false,
    encode: { update: update as EncodeEntry },
  };
}

/** The dataset that one is made from, over all its steps. */
function rootOf(data: readonly Data[], name: string): string {
  const found = data.find(one => one.name === name);
  const source = found && 'source' in found ? found.source : undefined;
  return typeof source === 'string' ? rootOf(data, source) : name;
}
