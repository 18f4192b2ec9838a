import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { ISignal } from '@lumino/signaling';
import { Panel } from '@lumino/widgets';

export const MIME = 'application/vnd.hyperstudy.explorer+json';
const VIEW = 'application/vnd.jupyter.widget-view+json';
/** The explorer inside carries it while no kernel has ever answered. */
const SILENT = 'data-silent';

/** A notebook's renderers. */
export interface Renderers {
  createRenderer(mimeType: string): IRenderMime.IRenderer;
  getFactory(mimeType: string): unknown;
}

/** The notebook's kernel is there, busy, gone. */
export type KernelChanged = ISignal<unknown, unknown>;

/** What the kernel says of an explorer in an output. */
interface Shown {
  readonly model_id: string;
  /** The line that opens it again. */
  readonly line: string;
}

/**
 * One output that holds an explorer: the live view where its widget is, else the picture that was saved
 * and the line that opens it again.
 *
 * When the output is renewed, with another picture, the live view stays: `data-keeps` says so to the
 * explorer inside.
 *
 * After a reload the page may draw its outputs before it has its kernel. The widgets then bring their own
 * outputs to life, but do not look into ours; that they know the kernel shows in the notebook's renderers,
 * where theirs is another one from then on. So this is looked at whenever the kernel's status changes.
 */
export class ExplorerOutput extends Panel implements IRenderMime.IRenderer {
  private readonly still = document.createElement('div');
  private model: IRenderMime.IMimeModel | undefined;
  private live: IRenderMime.IRenderer | undefined;
  private shown = '';
  private factory: unknown;
  private readonly watch = new MutationObserver(() => this.choose());

  constructor(
    private readonly renderers: Renderers,
    kernelChanged: KernelChanged,
  ) {
    super();
    kernelChanged.connect(this.lookAgain, this);
    this.addClass('hs-Still');
    this.node.dataset.keeps = 'true';
    this.still.className = 'hs-Still-saved';
    this.node.append(this.still);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.model = model;
    const { model_id, line } = shownIn(model.data[MIME]);
    this.still.replaceChildren(...pictureOf(model), ...lineNodes(line));
    if (model.trusted && model_id !== this.shown) {
      await this.bring(model, model_id);
    }
  }

  override dispose(): void {
    this.watch.disconnect();
    super.dispose();
  }

  private async bring(model: IRenderMime.IMimeModel, model_id: string): Promise<void> {
    this.shown = model_id;
    this.factory = this.renderers.getFactory(VIEW);
    this.live?.dispose();
    try {
      this.live = this.renderers.createRenderer(VIEW);
    } catch {
      return; // no widgets here: the picture stays
    }
    this.live.addClass('hs-Still-live');
    this.addWidget(this.live);
    const seen = { childList: true, subtree: true, attributeFilter: [SILENT] };
    this.watch.observe(this.live.node, seen);
    this.choose();
    const view = { version_major: 2, version_minor: 0, model_id };
    await this.live.renderModel({ ...model, data: { [VIEW]: view } } as IRenderMime.IMimeModel);
  }

  private lookAgain(): void {
    const isBound = this.renderers.getFactory(VIEW) !== this.factory;
    if (this.model?.trusted && isBound && !this.isThere) {
      void this.bring(this.model, this.shown);
    }
  }

  private get isThere(): boolean {
    return this.live?.node.firstElementChild != null;
  }

  /**
   * A widget that is there is shown in the place of its picture; an error text is none. Where the widget
   * was saved with the notebook and no kernel ever answered it, the picture stands above it.
   */
  private choose(): void {
    const { isThere } = this;
    const isSilent = this.live?.node.querySelector(`[${SILENT}]`) != null;
    this.still.hidden = isThere && !isSilent;
    this.live?.setHidden(!isThere);
  }
}

function shownIn(value: unknown): Shown {
  const { model_id, line } = (value ?? {}) as Partial<Record<keyof Shown, unknown>>;
  return {
    model_id: typeof model_id === 'string' ? model_id : '',
    line: typeof line === 'string' ? line : '%hs explore',
  };
}

function pictureOf({ data }: IRenderMime.IMimeModel): HTMLElement[] {
  const png = data['image/png'];
  if (typeof png !== 'string') {
    return [];
  }
  const image = document.createElement('img');
  image.src = `data:image/png;base64,${png}`;
  image.alt = 'Picture of the timeline, saved with the notebook';
  return [image];
}

function lineNodes(line: string): HTMLElement[] {
  const text = document.createElement('p');
  const code = document.createElement('code');
  code.textContent = line;
  text.append('HyperStudy explorer. Run this cell to open it again: ', code);
  return [text];
}
