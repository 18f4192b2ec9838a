import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { lend } from '../vega/lending';
import { RenderedPlot } from './rendered';

lend(() => import('../vega'));

/**
 * The types drawn here: what a notebook file can hold (nbformat takes JSON only under `+json`), and
 * what Altair's own 'mimetype' renderer sends. Vega-Lite 5 stays with JupyterLab's own renderer.
 */
export const MIME_TYPES = ['application/vnd.vegalite.v6+json', 'application/vnd.vegalite.v6.json'];

/**
 * The renderer of Vega-Lite 6.
 *
 * `safe` because nothing in a chart can run: expressions are interpreted, nothing is loaded, no
 * text becomes markup. So a plot shows in a notebook that is not (yet) trusted. The rank is below
 * HTML's (50) and images' (90): where an output has several forms, the live chart is shown.
 */
const extension: IRenderMime.IExtension = {
  id: 'hs-jupyter:plot',
  description: 'Draws Vega-Lite 6 charts, offline and without running code.',
  rendererFactory: {
    safe: true,
    mimeTypes: MIME_TYPES,
    createRenderer: options => new RenderedPlot(options.mimeType),
  },
  rank: 45,
  dataType: 'json',
};

export default extension;
