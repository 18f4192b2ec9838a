import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import type { TopLevelSpec } from 'vega-lite';

import { refusalNote } from '../vega/loader';
import { readPalette } from '../vega/theme';
import type { Drawing } from './draw';
import { saveMenu } from './menu';

const MESSAGE_CHARACTERS_MAX = 240;

/** One output of a notebook that holds a Vega-Lite chart. */
export class RenderedPlot extends Widget implements IRenderMime.IRenderer {
  private model: IRenderMime.IMimeModel | undefined;
  private drawing: Drawing | undefined;
  /** Counts the drawings asked for; one that is overtaken while it waits gives way. */
  private turn = 0;
  private readonly theme = new MutationObserver(() => void this.draw(this.drawing?.state()));

  constructor(private readonly mimeType: string) {
    super();
    this.addClass('hs-Plot');
    this.theme.observe(document.body, { attributeFilter: ['data-jp-theme-name'] });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.model = model;
    await this.draw();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.turn++;
      this.theme.disconnect();
      this.drawing?.dispose();
      super.dispose();
    }
  }

  /** Draw beside what is shown, and show it once it is painted. */
  private async draw(state?: ReturnType<Drawing['state']>): Promise<void> {
    if (!this.model) {
      return;
    }
    const { data } = this.model;
    const turn = ++this.turn;
    const host = element('div', 'hs-Plot-view');
    this.node.append(host);
    try {
      const spec = chartOf(data[this.mimeType]);
      const { draw } = await import('./draw');
      const drawing = await draw(host, spec, readPalette(), state);
      if (turn !== this.turn) {
        drawing.dispose();
        host.remove();
        return;
      }
      this.replace(drawing);
      // Vega's own tools and debuggers look for the view here.
      Object.assign(host, { __view__: drawing.view });
      host.dataset.ready = 'true';
      this.node.replaceChildren(host, saveMenu(drawing.picture));
      if (drawing.refused.size) {
        this.node.append(element('p', 'hs-Plot-note', refusalNote(drawing.refused)));
      }
    } catch (error) {
      host.remove();
      if (turn === this.turn) {
        this.replace(undefined);
        this.node.replaceChildren(problemNode(error), ...savedPicture(data['image/png']));
      }
    }
  }

  private replace(drawing: Drawing | undefined): void {
    this.drawing?.dispose();
    this.drawing = drawing;
  }
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** The chart of an output; that it is Vega-Lite is found out by compiling it. */
function chartOf(value: unknown): TopLevelSpec {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('it is not a Vega-Lite object');
  }
  return value as TopLevelSpec;
}

function problemNode(error: unknown): HTMLElement {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const cause =
    text.length > MESSAGE_CHARACTERS_MAX ? `${text.slice(0, MESSAGE_CHARACTERS_MAX)}…` : text;
  const node = element('p', 'hs-Plot-problem', `This chart could not be drawn: ${cause}`);
  node.setAttribute('role', 'alert');
  return node;
}

/** The PNG that came with a chart that cannot be drawn. */
function savedPicture(png: unknown): HTMLElement[] {
  if (typeof png !== 'string') {
    return [];
  }
  const image = document.createElement('img');
  image.src = `data:image/png;base64,${png}`;
  image.alt = 'Picture of this chart, saved with the notebook';
  return [image];
}
