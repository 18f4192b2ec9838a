/** The chart as Vega draws it: its window, its width and its data are set from outside. */
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { Vega } from '../../vega/lending';
import { offlineLoader } from '../../vega/loader';
import { Problems } from '../../vega/problems';
import type { Palette } from '../../vega/theme';
import { tickStep, ticks } from './clock';
import { length, type Span } from './span';
import { traced } from './traced';

/** Where a row's plot stands in the picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of the picture's look is measured in pixels. */
export interface Measures {
  /** The width of every plot. */
  readonly width: number;
  /** What is left of the plots for names and numbers, right of them for values. */
  readonly labels: number;
  readonly values: number;
}

/** What of Vega's scene graph is read. */
interface Drawn {
  readonly name?: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly items?: readonly Drawn[];
}

const TICK_PX = 58;
const TOP_PX = 4;
const BOTTOM_PX = 6;

export class Picture {
  private view: View | null = null;
  private measured: Measures | null = null;
  private readonly problems = new Problems();

  constructor(
    private readonly vega: Vega,
    private readonly host: HTMLElement,
  ) {}

  /** Begin anew with another chart, or other colours. Its data come after it. */
  begin(spec: TopLevelSpec, lines: ReadonlySet<string>, palette: Palette): void {
    const { View, INTERPRETED, runtimeOf } = this.vega;
    const runtime = runtimeOf(spec, palette, { adapt: vega => traced(vega, lines) });
    this.dispose();
    this.view = new View(runtime, {
      ...INTERPRETED,
      container: this.host,
      hover: false,
      loader: offlineLoader(() => undefined),
      logger: this.problems,
      renderer: 'canvas',
    });
    this.view.preventDefault(false);
    // Vega's own tools and debuggers look for the view here.
    Object.assign(this.host, { __view__: this.view });
  }

  /** Set a dataset. */
  data(name: string, values: readonly object[]): void {
    this.view?.data(name, values as object[]);
  }

  /** Set what is seen, and whose marks are strong; null: everybody's. */
  look(window: Span, chosen: readonly string[] | null, measures: Measures): void {
    const { width, labels, values } = measures;
    const step = tickStep(length(window), Math.max(2, Math.floor(width / TICK_PX)));
    this.view
      ?.signal('window_start_sec', window[0])
      .signal('window_end_sec', window[1])
      .signal('ticks_sec', ticks(window, step))
      .signal('tick_step_sec', step)
      .signal('chosen_participants', chosen);
    if (measures !== this.measured) {
      this.measured = measures; // Vega makes its canvas anew, though nothing changed
      this.view
        ?.signal('label_width_px', labels)
        .width(width)
        .padding({ left: 0, top: TOP_PX, right: values, bottom: BOTTOM_PX });
    }
  }

  /** Draw what was set, and wait until it is painted. */
  async draw(): Promise<void> {
    await this.view?.runAsync();
    this.problems.raise();
  }

  /** Where the rows stand, from top to bottom. */
  boxes(): Box[] {
    if (!this.view) {
      return [];
    }
    const [x, y] = this.view.origin();
    const { root } = this.view.scenegraph() as unknown as { root: Drawn };
    return (root.items?.[0]?.items ?? [])
      .filter(mark => /^concat_\d+_group$/.test(mark.name ?? ''))
      .flatMap(mark => mark.items ?? [])
      .map(item => ({
        left: x + (item.x ?? 0),
        top: y + TOP_PX + (item.y ?? 0),
        width: item.width ?? 0,
        height: item.height ?? 0,
      }));
  }

  /** The picture's size, in pixels: as Vega set it, for a page that changes its theme hides all for a moment. */
  size(): [width: number, height: number] {
    const style = this.host.querySelector('canvas')?.style;
    return [Number.parseFloat(style?.width ?? '0'), Number.parseFloat(style?.height ?? '0')];
  }

  dispose(): void {
    this.view?.finalize();
    this.view = null;
    this.measured = null;
    this.host.replaceChildren();
  }
}
