import type { JupyterFrontEnd } from '@jupyterlab/application';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

import { firstNotebook, pythonOf } from './first';

/**
 * Open a new notebook on the demo study.
 *
 * @param folder - where it is made
 * @returns the notebook when its first cell has run; undefined where notebooks open in a page of their own
 */
export async function openDemo(
  { commands, serviceManager }: JupyterFrontEnd,
  folder: string,
): Promise<NotebookPanel | undefined> {
  const { contents, kernelspecs } = serviceManager;
  await kernelspecs.ready;
  const kernel = pythonOf(kernelspecs.specs);
  const { path } = await contents.newUntitled({ path: folder, type: 'notebook' });
  await contents.save(path, { type: 'notebook', format: 'json', content: firstNotebook(kernel) });
  const opened = await commands.execute('docmanager:open', { path, kernel: { name: kernel.name } });
  if (!opened) {
    return undefined;
  }
  const panel: NotebookPanel = opened;
  await panel.context.ready;
  await panel.sessionContext.ready;
  panel.content.activeCellIndex = 0;
  await NotebookActions.runAndAdvance(panel.content, panel.sessionContext);
  return panel;
}
