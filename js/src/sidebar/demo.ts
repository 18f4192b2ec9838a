/** A notebook on the demo study: its first lines written, the first of them run. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

const FIRST = '%load_ext hs_jupyter\n%hs demo';
const NEXT = '%hs plot room room_pair_01';

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
  await contents.save(path, { type: 'notebook', format: 'json', content: notebook(kernel) });
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

interface Spec {
  readonly name: string;
  readonly display_name: string;
  readonly language: string;
}

/** The default kernel where it is a Python, else the first that is. */
export function pythonOf(
  specs: {
    readonly default: string;
    readonly kernelspecs: Readonly<Record<string, Spec | undefined>>;
  } | null,
): Spec {
  const all = Object.values(specs?.kernelspecs ?? {}).filter(one => one !== undefined);
  const pythons = all.filter(one => one.language.toLowerCase() === 'python');
  const found = pythons.find(one => one.name === specs?.default) ?? pythons[0];
  if (!found) {
    throw new Error('this server has no Python kernel');
  }
  return found;
}

function notebook({ name, display_name, language }: Spec) {
  const cell = (source: string) => ({
    id: crypto.randomUUID(),
    cell_type: 'code',
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  });
  return {
    cells: [cell(FIRST), cell(NEXT)],
    metadata: { kernelspec: { name, display_name, language } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
