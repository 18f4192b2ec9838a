/** What moves with the pointer, drawn over the chart: selection, cursor, values, playhead. */
import { clock } from './clock';
import type { RowData } from './frame';
import { type Point, pointY, valueY } from './hits';
import { type Line, nearest, trace } from './lines';
import type { Box } from './picture';
import { type Span, shareOf } from './span';

/** The colours of the page. */
export interface Inks {
  readonly ground: string;
  readonly ink: string;
  readonly quiet: string;
  readonly accent: string;
  readonly font: string;
}

export interface Scene {
  readonly rows: readonly RowData[];
  readonly boxes: readonly Box[];
  readonly window: Span;
  readonly selection: Span | null;
  /** Where the pointer or the keyboard is. */
  readonly cursor: number | null;
  /** Where the open recording is. */
  readonly playhead: number | null;
  /** What lies under the pointer. */
  readonly mark: { readonly row: number; readonly point: Point } | null;
  readonly line: { readonly row: number; readonly line: Line } | null;
  readonly people: readonly string[];
  colorOf(participant: string): string;
}

/** One value at the cursor. */
export interface Reading {
  readonly participant: string;
  readonly slot: number;
  readonly value: number;
  readonly text: string;
}

const VEIL = 0.62;
const DOT_PX = 3;
const LINE_PX = 12;
const GAP_PX = 7;

/** A number in one of the chart's formats: `.2f`, `+.0f`. */
export function written(value: number, number: string): string {
  const text = value.toFixed(Number(/\.(\d)f$/.exec(number)?.[1] ?? 2)).replace(/^-(?=[0.]*$)/, '');
  return number.startsWith('+') && Number(text) > 0 ? `+${text}` : text;
}

/** The values of a row's lines at a moment. */
export function readings({ facts, lines }: RowData, sec: number): Reading[] {
  return lines.flatMap(line => {
    const at = nearest(line, sec, facts.reach_sec);
    const value = line.value[at];
    return value === undefined
      ? []
      : [
          {
            participant: line.participant,
            slot: line.slot,
            value,
            text: written(value, facts.number),
          },
        ];
  });
}

export class Overlay {
  private readonly canvas: CanvasRenderingContext2D;
  private size: readonly [number, number, number] = [0, 0, 1];

  constructor(
    private readonly node: HTMLCanvasElement,
    private inks: Inks,
  ) {
    const canvas = node.getContext('2d');
    if (!canvas) {
      throw new Error('this page cannot draw');
    }
    this.canvas = canvas;
  }

  colors(inks: Inks): void {
    this.inks = inks;
  }

  /** Be as large as the picture, and as sharp as the screen. */
  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    const [w, h, r] = this.size;
    if (w !== width || h !== height || r !== ratio) {
      this.size = [width, height, ratio];
      this.node.width = Math.round(width * ratio);
      this.node.height = Math.round(height * ratio);
      this.node.style.width = `${width}px`;
      this.node.style.height = `${height}px`;
    }
  }

  draw(scene: Scene): void {
    const [width, height, ratio] = this.size;
    const { canvas } = this;
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    canvas.clearRect(0, 0, width, height);
    if (!scene.boxes.length) {
      return;
    }
    this.selection(scene);
    this.highlight(scene);
    this.playhead(scene);
    this.cursor(scene);
  }

  /** What is not selected is veiled, over the whole height of the plots. */
  private selection({ boxes, window, selection }: Scene): void {
    if (!selection) {
      return;
    }
    const { canvas, inks } = this;
    for (const { left, top, width, height } of boxes) {
      const [start, end] = selection.map(sec => limited(shareOf(sec, window)) * width) as [
        number,
        number,
      ];
      canvas.globalAlpha = VEIL;
      canvas.fillStyle = inks.ground;
      canvas.fillRect(left, top - 1, start, height + 2);
      canvas.fillRect(left + end, top - 1, width - end, height + 2);
      canvas.globalAlpha = 0.07;
      canvas.fillStyle = inks.accent;
      canvas.fillRect(left + start, top - 1, end - start, height + 2);
      canvas.globalAlpha = 1;
      for (const sec of selection) {
        const share = shareOf(sec, window);
        if (share >= 0 && share <= 1) {
          canvas.fillRect(Math.round(left + share * width) - 0.5, top - 1, 1, height + 2);
        }
      }
    }
  }

  private highlight({ boxes, rows, mark, line, window, people, colorOf }: Scene): void {
    const { canvas, inks } = this;
    const box = line && boxes[line.row];
    const facts = line && rows[line.row]?.facts;
    if (box && facts?.y) {
      const { y } = facts;
      canvas.save();
      canvas.translate(box.left, box.top);
      canvas.beginPath();
      trace(
        canvas,
        line.line,
        window,
        sec => shareOf(sec, window) * box.width,
        value => valueY(value, y, box.height),
      );
      canvas.lineWidth = 2;
      canvas.strokeStyle = colorOf(line.line.participant);
      canvas.stroke();
      canvas.restore();
    }
    const place = mark && boxes[mark.row];
    const row = mark && rows[mark.row]?.facts;
    if (place && row && row.kind === 'points') {
      const x = place.left + shareOf(mark.point.onset_sec, window) * place.width;
      const y = place.top + pointY(mark.point, row, place.height, people);
      canvas.beginPath();
      canvas.arc(x, y, 7, 0, 2 * Math.PI);
      canvas.lineWidth = 1.5;
      canvas.strokeStyle = inks.ink;
      canvas.stroke();
    }
  }

  private playhead({ boxes, window, playhead }: Scene): void {
    const share = playhead === null ? -1 : shareOf(playhead, window);
    if (share < 0 || share > 1) {
      return;
    }
    const { canvas, inks } = this;
    canvas.fillStyle = inks.accent;
    for (const { left, top, width, height } of boxes) {
      canvas.fillRect(Math.round(left + share * width) - 1, top, 2, height);
    }
    const [first] = boxes;
    if (first) {
      const x = Math.round(first.left + share * first.width);
      canvas.beginPath();
      canvas.moveTo(x - 5, first.top - 7);
      canvas.lineTo(x + 5, first.top - 7);
      canvas.lineTo(x, first.top);
      canvas.fill();
    }
  }

  private cursor({ boxes, rows, window, cursor, colorOf }: Scene): void {
    const share = cursor === null ? -1 : shareOf(cursor, window);
    if (cursor === null || share < 0 || share > 1) {
      return;
    }
    const { canvas, inks } = this;
    canvas.font = `10.5px ${inks.font}`;
    canvas.textBaseline = 'middle';
    canvas.textAlign = 'left';
    boxes.forEach(({ left, top, width, height }, at) => {
      const x = left + share * width;
      canvas.globalAlpha = 0.7;
      canvas.fillStyle = inks.ink;
      canvas.fillRect(Math.round(x) - 0.5, top, 1, height);
      canvas.globalAlpha = 1;
      const row = rows[at];
      if (row?.facts.kind !== 'lines' || !row.facts.y) {
        return;
      }
      const found = readings(row, cursor);
      const isCrowd = (Math.max(0, ...found.map(one => one.slot)) + 1) * LINE_PX > height + LINE_PX;
      if (isCrowd) {
        return;
      }
      for (const { participant, slot, value, text } of found) {
        const color = colorOf(participant);
        canvas.beginPath();
        canvas.arc(x, top + valueY(value, row.facts.y, height), DOT_PX, 0, 2 * Math.PI);
        canvas.fillStyle = color;
        canvas.fill();
        canvas.lineWidth = 1.25;
        canvas.strokeStyle = inks.ground;
        canvas.stroke();
        canvas.fillText(text, left + width + GAP_PX, top + slot * LINE_PX + 5);
      }
    });
    const [first] = boxes;
    if (first) {
      canvas.font = `600 10.5px ${inks.font}`;
      canvas.fillStyle = inks.ink;
      canvas.fillText(clock(cursor, 1), first.left + first.width + GAP_PX, first.top - LINE_PX);
    }
  }
}

const limited = (share: number): number => Math.min(Math.max(share, 0), 1);
