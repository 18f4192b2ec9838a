/** Everything that needs Vega: this module and Vega are one chunk, fetched with the first plot. */
import { type Config, type Runtime, type Spec, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

import { offlineLoader } from '../vega/loader';
import { Problems } from '../vega/problems';
import { INTERPRETED, runtimeOf } from '../vega/runtime';
import { hasBackground, PAPER, type Palette } from '../vega/theme';
import { TextTooltip } from '../vega/tooltip';
import { openBrushes } from './brush';

/** What a reader has selected, to carry into a redrawn view. */
export type PlotState = ReturnType<View['getState']>;

/** A chart on the page. */
export interface Drawing {
  /** Vega's view. */
  readonly view: View;
  /** Addresses that the chart wanted to load and did not get. */
  readonly refused: ReadonlySet<string>;
  /** What is selected now. */
  state(): PlotState;
  /** The chart as it is now, on paper whatever the page's theme, as an address to download. */
  picture(format: 'png' | 'svg'): Promise<string>;
  /** Remove every listener and timer. */
  dispose(): void;
}

/**
 * Which events a chart may listen to: those on itself, and the window's pointer (a drag may leave the chart).
 * Its inputs stay beneath it: a chart reaches no other element of the page.
 */
const EVENTS: NonNullable<Config['events']> = {
  window: ['pointermove', 'pointerup', 'mousemove', 'mouseup', 'touchmove', 'touchend'],
  selector: false,
  globalCursor: false,
  bind: 'container',
};

/** A PNG of twice the pixels prints well. */
const PICTURE_SCALE = 2;

/**
 * Draw a Vega-Lite chart into an element and wait until it is painted.
 *
 * @param host an empty element on the page; it becomes the chart's `graphics-document`
 * @param spec the chart
 * @param palette colours of the page's theme
 * @param state what was selected in an earlier drawing of the same chart
 * @throws the first error of Vega-Lite or Vega
 */
export async function draw(
  host: HTMLElement,
  spec: TopLevelSpec,
  palette: Palette,
  state?: PlotState,
): Promise<Drawing> {
  const refused = new Set<string>();
  const loader = offlineLoader(uri => refused.add(uri));
  const tooltip = new TextTooltip();
  const problems = new Problems();
  const view = new View(plotOf(spec, hasBackground(spec) ? PAPER : palette), {
    ...INTERPRETED,
    container: host,
    hover: true,
    loader,
    logger: problems,
    renderer: 'canvas',
    tooltip: tooltip.handler,
  });
  const drawing: Drawing = {
    view,
    refused,
    state: () => view.getState(SELECTIONS),
    picture: async format => {
      const paper = new View(plotOf(spec, PAPER, '#ffffff'), {
        ...INTERPRETED,
        loader,
        logger: problems,
        renderer: 'none',
      });
      try {
        await paper.setState(drawing.state()).runAsync();
        return await paper.toImageURL(format, PICTURE_SCALE);
      } finally {
        paper.finalize();
      }
    },
    dispose: () => {
      tooltip.dispose();
      view.finalize();
    },
  };
  try {
    // Before the first run: only then are marks drawn as what is selected says.
    await (state ? view.setState(state) : view).runAsync();
    problems.raise();
  } catch (error) {
    drawing.dispose();
    throw error;
  }
  return drawing;
}

/** The signals and stores of Vega-Lite's selections, nothing that belongs to size or theme. */
const SELECTIONS = {
  signals: (name = '') => !/^(width|height|background|padding|autosize|cursor|parent)$/.test(name),
  data: (name = '') => name.endsWith('_store'),
  recurse: true,
};

function plotOf(spec: TopLevelSpec, palette: Palette, background?: string): Runtime {
  return runtimeOf(spec, palette, {
    ...(background && { background }),
    events: EVENTS,
    adapt: vega =>
      openBrushes(
        followContainer({ ...vega, description: vega.description ?? titleOf(spec) }),
        spec,
      ),
  });
}

/** A width of 'container' follows its cell, not only the browser's window. */
function followContainer(vega: Spec): Spec {
  const signals = vega.signals?.map(signal =>
    'on' in signal
      ? {
          ...signal,
          on: signal.on?.map(one =>
            one.events === 'window:resize' ? { ...one, events: 'container:resize' } : one,
          ),
        }
      : signal,
  );
  return { ...vega, ...(signals && { signals }) } as Spec;
}

/** The words of a chart's title, as the name that a screen reader says. */
function titleOf({ title }: TopLevelSpec): string {
  const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : title;
  const lines = (Array.isArray(text) ? text : [text]).filter(line => typeof line === 'string');
  return lines.join(' ') || 'Chart';
}
