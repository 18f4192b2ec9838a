/** The explorer in a notebook's outputs: a plugin that asks for nothing but the registry of documents. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { ExplorerOutput, type KernelChanged, MIME, type Renderers } from './output';

/** Before the widgets' own form (rank -10), which shows only an error where the widget is gone. */
const RANK = -20;

interface Registry extends Renderers {
  addFactory(factory: IRenderMime.IRendererFactory, rank: number): void;
}

interface NotebookPanel {
  readonly content: { readonly rendermime: Registry };
  readonly sessionContext: { readonly statusChanged: KernelChanged };
}

interface Application {
  readonly docRegistry: {
    addWidgetExtension(
      name: 'Notebook',
      extension: { createNew(panel: NotebookPanel): void },
    ): unknown;
  };
}

/** Every notebook has renderers of its own; only those know its widgets. */
const plugin = {
  id: 'hs-jupyter:still',
  description:
    'Shows the HyperStudy explorer in outputs: live, or as a picture with the line that opens it.',
  autoStart: true,
  activate: (app: Application): void => {
    app.docRegistry.addWidgetExtension('Notebook', {
      createNew: ({ content: { rendermime }, sessionContext: { statusChanged } }) => {
        const createRenderer = () => new ExplorerOutput(rendermime, statusChanged);
        // Safe: without trust, only a picture and text are shown.
        rendermime.addFactory({ safe: true, mimeTypes: [MIME], createRenderer }, RANK);
      },
    });
  },
};

export default plugin;
