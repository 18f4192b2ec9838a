/** What moves with the pointer, drawn over the chart: selection, cursor, values, playhead. */
import { clock } from './clock';
import type { RowData } from './frame';
import { type Point, pointY, valueY } from './hits';
import { type Line, trace } from './lines';
import type { Box } from './picture';
import { countAt, readings, sameWho } from './readings';
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
  /** Said of the selection while it is made. */
  readonly saying: string;
  /** The colour of a median. */
  readonly accent: string;
  colorOf(participant: string): string;
}

const VEIL = 0.62;
const DOT_PX = 3;
const LINE_PX = 12;
const GAP_PX = 7;
const PLATE_PX = 17;

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
    this.saying(scene);
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

  /** What is said of a selection stands over it, on a plate of its own. */
  private saying({ boxes: [first], selection, window, saying }: Scene): void {
    if (!first || !selection || !saying) {
      return;
    }
    const { canvas, inks } = this;
    canvas.font = `600 11px ${inks.font}`;
    const wide = canvas.measureText(saying).width + 2 * GAP_PX;
    const middle = limited(shareOf((selection[0] + selection[1]) / 2, window)) * first.width;
    const left = first.left + Math.min(Math.max(middle - wide / 2, 0), first.width - wide);
    canvas.fillStyle = inks.accent;
    canvas.beginPath();
    canvas.roundRect(left, first.top + 3, wide, PLATE_PX, 3);
    canvas.fill();
    canvas.fillStyle = inks.ground;
    canvas.textAlign = 'left';
    canvas.textBaseline = 'middle';
    canvas.fillText(saying, left + GAP_PX, first.top + 3.5 + PLATE_PX / 2);
  }

  private highlight({ boxes, rows, mark, line, window, people, colorOf }: Scene): void {
    const { canvas, inks } = this;
    rows.forEach(({ facts: { y }, lines }, at) => {
      const box = boxes[at];
      const found = line && lines.find(one => sameWho(one, line.line));
      if (!box || !found || !y) {
        return;
      }
      canvas.save();
      canvas.translate(box.left, box.top);
      canvas.beginPath();
      trace(
        canvas,
        found,
        window,
        sec => shareOf(sec, window) * box.width,
        value => valueY(value, y, box.height),
      );
      canvas.lineWidth = 2;
      canvas.strokeStyle = colorOf(found.participant);
      canvas.stroke();
      canvas.restore();
    });
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

  private cursor(scene: Scene): void {
    const { boxes, rows, window, cursor } = scene;
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
      if (row?.facts.kind === 'lines' && row.facts.y) {
        this.values(scene, row, row.facts.y, boxes[at] as Box, cursor, x);
      }
    });
    const [first] = boxes;
    if (first) {
      canvas.font = `600 10.5px ${inks.font}`;
      canvas.fillStyle = inks.ink;
      canvas.fillText(clock(cursor, 1), first.left + first.width + GAP_PX, first.top - LINE_PX);
    }
  }

  /** The values at the cursor: dots on the lines, numbers beside the row. */
  private values(
    { line, accent, colorOf }: Scene,
    row: RowData,
    y: readonly [number, number],
    { left, top, width, height }: Box,
    cursor: number,
    x: number,
  ): void {
    const { canvas, inks } = this;
    const write = (text: string, slot: number) =>
      canvas.fillText(text, left + width + GAP_PX, top + slot * LINE_PX + 5);
    for (const one of readings(row, cursor, placesFor(height), line?.line ?? null)) {
      canvas.beginPath();
      canvas.arc(x, top + valueY(one.value, y, height), DOT_PX, 0, 2 * Math.PI);
      canvas.fillStyle = one.participant === null ? accent : colorOf(one.participant);
      canvas.fill();
      canvas.lineWidth = 1.25;
      canvas.strokeStyle = inks.ground;
      canvas.stroke();
      write(one.text, one.slot);
    }
    const count = countAt(row, cursor);
    if (count !== null) {
      canvas.fillStyle = inks.quiet;
      write(`of ${count}`, 1);
    }
  }
}

/** How many lines of text have a place beside a row. */
const placesFor = (height: number): number => Math.floor(height / LINE_PX) + 1;

const limited = (share: number): number => Math.min(Math.max(share, 0), 1);
