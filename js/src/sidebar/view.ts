import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Kernel } from '@jupyterlab/services';
import { Panel } from '@lumino/widgets';

import type { Place } from './places';

const VIEW = 'application/vnd.jupyter.widget-view+json';

/** Milliseconds that a widget may take to appear: its extension looks for its model for two seconds. */
const PATIENCE_MS = 15_000;

/** Why there is no explorer to see: no extension shows widgets, none knows this one, or it was closed. */
export type Loss = 'no widgets' | 'not found' | 'closed';

/** A kernel's widget, shown by the notebook's or console's own renderer of widgets. */
export class View extends Panel {
  private line: (Kernel.IComm & { readonly subshellStarted?: Promise<void> }) | undefined;
  private watch: MutationObserver | undefined;

  constructor(
    readonly place: Place,
    readonly model: string,
  ) {
    super();
    this.addClass('hs-Panel-view');
  }

  /** Resolves when the widget is there, or will not come; `lost` is told when it goes later. */
  async open(lost: () => void): Promise<Loss | null> {
    let renderer: IRenderMime.IRenderer;
    try {
      renderer = this.place.rendermime.createRenderer(VIEW);
    } catch {
      return 'no widgets';
    }
    await this.lineToWidgets();
    if (this.isDisposed) {
      return 'closed';
    }
    this.addWidget(renderer);
    const data = { [VIEW]: { model_id: this.model, version_major: 2, version_minor: 0 } };
    const source = { data, metadata: {}, trusted: true, setData: () => undefined };
    await renderer.renderModel(source as IRenderMime.IMimeModel);
    if (this.isDisposed) {
      return 'closed';
    }
    // Where the notebook's widgets are still being restored, it is rendered once they are.
    await this.appears(renderer.node);
    const shown = renderer.children().next().value;
    if (this.isDisposed || !shown) {
      return this.isDisposed ? 'closed' : 'not found';
    }
    if (renderer.node.querySelector('.jupyter-widgets-error-widget')) {
      return 'no widgets';
    }
    shown.disposed.connect(() => this.isDisposed || lost());
    return null;
  }

  override dispose(): void {
    this.watch?.disconnect();
    this.line?.dispose();
    super.dispose();
  }

  /**
   * Hold the subshell on which JupyterLab speaks with a kernel's widgets: what is sent to them before it is
   * there would wait for the cell that runs.
   */
  private async lineToWidgets(): Promise<void> {
    const kernel = this.place.session.session?.kernel;
    if (kernel?.handleComms && kernel.supportsSubshells) {
      this.line = kernel.createComm('jupyter.widget');
      await this.line.subshellStarted;
    }
  }

  private appears(node: HTMLElement): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(patience);
        this.watch?.disconnect();
        resolve();
      };
      const look = () => {
        // The class says that a sentence stands in the place of a widget.
        if (node.firstElementChild || node.classList.contains('jupyter-widgets')) {
          done();
        }
      };
      const patience = setTimeout(done, PATIENCE_MS);
      this.watch = new MutationObserver(look);
      this.watch.observe(node, { childList: true, attributes: true });
      look();
    });
  }
}
