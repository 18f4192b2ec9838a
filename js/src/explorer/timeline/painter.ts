/** Paints the timeline, a frame of the screen at a time: the chart when it changed, then what lies over it. */
import { effect } from '@preact/signals';
import type { TopLevelSpec } from 'vega-lite';

import type { Vega } from '../../vega/lending';
import type { Palette } from '../../vega/theme';
import type { Frame, RowData } from './frame';
import { valueY } from './hits';
import { type Line, samplesIn, trace } from './lines';
import { type Inks, Overlay, type Scene } from './overlay';
import { Picture } from './picture';
import { type Span, shareOf } from './span';
import type { Timeline, Tools } from './timeline';
import { type Shape, type Stage, shapeOf, spanOf, type Traced } from './traced';
import { loadVega } from './vega';

export interface Colors {
  readonly palette: Palette;
  readonly inks: Inks;
}

/** More samples on the screen are stroked as thinly as it can; wide strokes of them would not keep up. */
const THICKET = 8_000;

export class Painter {
  private vega: Promise<Vega> | null = null;
  private picture: Picture | null = null;
  private readonly overlay: Overlay;
  private rows: ReadonlyMap<string, RowData> = new Map();
  private painted: { readonly spec: string; readonly ids: ReadonlyMap<string, string> } | null =
    null;
  private isThicket = false;
  private request = 0;
  private pictureDirty = false;
  private painting = false;
  private finished: (() => void) | null = null;

  constructor(
    private readonly host: HTMLElement,
    canvas: HTMLCanvasElement,
    private readonly timeline: Timeline,
    private readonly tools: Tools,
    private readonly scene: () => Omit<Scene, 'boxes' | 'rows' | 'window' | 'selection'>,
    private colors: Colors,
  ) {
    this.overlay = new Overlay(canvas, colors.inks);
    const stops = [
      effect(() => {
        if (tools.state.scope.value) {
          this.load().catch(() => undefined); // while the kernel draws; asked again, it is told
        }
      }),
      effect(() => {
        timeline.frame.value;
        timeline.window.value;
        timeline.measures.value;
        timeline.chosen.value;
        this.paint(true);
      }),
      effect(() => {
        timeline.selection.value;
        scene();
        this.paint(false);
      }),
    ];
    tools.signal.addEventListener('abort', () => {
      for (const stop of stops) {
        stop();
      }
      cancelAnimationFrame(this.request);
      this.done();
      this.picture?.dispose();
    });
  }

  /** Paint in other colours. */
  recolor(colors: Colors): void {
    this.colors = colors;
    this.overlay.colors(colors.inks);
    this.painted = null;
    this.paint(true);
  }

  /** Paint with the next frame of the screen: the chart too, or only what lies over it. */
  private paint(picture: boolean): void {
    if (picture) {
      this.pictureDirty = true;
      this.finished ??= this.tools.state.begin();
    }
    if (!this.request && !this.painting) {
      this.request = requestAnimationFrame(() => void this.run());
    }
  }

  private async run(): Promise<void> {
    this.request = 0;
    this.painting = true;
    try {
      if (this.pictureDirty) {
        this.pictureDirty = false;
        await this.chart();
      }
      this.over();
    } catch (error) {
      this.tools.troubles.tell(error, 'timeline');
    }
    this.painting = false;
    if (this.tools.signal.aborted) {
      return;
    }
    if (this.pictureDirty) {
      this.paint(true);
    } else {
      this.done();
    }
  }

  private done(): void {
    this.finished?.();
    this.finished = null;
  }

  private load(): Promise<Vega> {
    const { wire, signal } = this.tools;
    this.vega ??= loadVega(wire, signal).catch(error => {
      this.vega = null;
      throw error;
    });
    return this.vega;
  }

  private async chart(): Promise<void> {
    const { timeline } = this;
    const frame = timeline.frame.peek();
    if (!frame || timeline.measures.peek().width <= 0) {
      this.picture?.dispose();
      this.painted = null;
      timeline.boxes.value = [];
      return;
    }
    if (!this.picture) {
      const vega = await this.load();
      if (this.tools.signal.aborted) {
        return;
      }
      this.picture = new Picture(vega, this.host);
      return this.chart(); // meanwhile, there may be something else to draw
    }
    const { picture } = this;
    this.rows = new Map(frame.rows.map(row => [row.facts.name, row]));
    if (this.painted?.spec !== frame.answer.spec_id) {
      const lines = frame.rows.filter(row => row.facts.kind === 'lines');
      const names = new Set(lines.map(row => row.facts.name));
      picture.begin(frame.spec as unknown as TopLevelSpec, names, this.colors.palette);
      this.painted = null;
    }
    this.give(frame, picture);
    picture.look(timeline.window.peek(), timeline.chosen.peek(), timeline.measures.peek());
    const lines = frame.rows.flatMap(row => row.lines);
    const samples = lines.reduce((sum, line) => sum + samplesIn(line, timeline.window.peek()), 0);
    this.isThicket = samples > THICKET;
    await picture.draw();
    timeline.boxes.value = picture.boxes();
    this.overlay.resize(...picture.size());
  }

  /** Give the chart the data that changed. */
  private give(frame: Frame, picture: Picture): void {
    const had = this.painted?.ids;
    const ids = new Map<string, string>();
    for (const [name, { id, values }] of frame.datasets) {
      ids.set(name, id);
      if (had?.get(name) !== id) {
        picture.data(name, values);
      }
    }
    for (const row of frame.rows) {
      const { name, kind } = row.facts;
      ids.set(name, row.id);
      if (kind === 'lines' && had?.get(name) !== row.id) {
        picture.data(
          name,
          row.lines.map(
            ({ participant }, at): Traced => ({ participant, shape: this.shape(row, at) }),
          ),
        );
      }
    }
    this.painted = { spec: frame.answer.spec_id, ids };
  }

  /** A line where it is fine, and over the whole domain around it. */
  private shape({ facts: { name, y } }: RowData, at: number): Shape {
    const parts = (stage: Stage): [Line, Span][] => {
      const row = this.rows.get(name);
      const [fine, coarse] = [row?.lines[at], row?.coarse[at]];
      if (!row || !fine) {
        return [];
      }
      const seen = spanOf(stage);
      if (!coarse || coarse === fine) {
        return [[fine, seen]];
      }
      const [start, end] = row.window;
      const all: [Line, Span][] = [
        [coarse, [seen[0], Math.min(seen[1], start)]],
        [fine, [Math.max(seen[0], start), Math.min(seen[1], end)]],
        [coarse, [Math.max(seen[0], end), seen[1]]],
      ];
      return all.filter(([, [from, to]]) => from < to);
    };
    return shapeOf(
      () => ({ isThicket: this.isThicket, isFaint: this.isFaint(name, at) }),
      (pen, stage) => {
        const seen = spanOf(stage);
        const x = (sec: number) => shareOf(sec, seen) * stage.width_px;
        const down = (value: number) => (y ? valueY(value, y, stage.height_px) : 0);
        for (const [line, span] of parts(stage)) {
          trace(pen, line, span, x, down);
        }
      },
    );
  }

  /** Whether a line is of a participant who is not selected. */
  private isFaint(row: string, at: number): boolean {
    const chosen = this.timeline.chosen.peek();
    const line = this.rows.get(row)?.lines[at];
    return chosen !== null && line !== undefined && !chosen.includes(line.participant);
  }

  private over(): void {
    const { timeline } = this;
    const frame = timeline.frame.peek();
    this.overlay.draw({
      ...this.scene(),
      rows: frame?.rows ?? [],
      boxes: timeline.boxes.peek(),
      window: timeline.window.peek(),
      selection: timeline.selection.peek(),
    });
  }
}
