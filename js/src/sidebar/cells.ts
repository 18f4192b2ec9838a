/** Code that a click leaves behind: as a cell of the notebook, or in the console. */
import { NotebookActions } from '@jupyterlab/notebook';

import type { Place } from './places';

/** Put code below the active cell, or in a console's prompt; `run` it at once. */
export function insert(place: Place, code: string, run = false): void {
  if (place.kind === 'console') {
    if (run) {
      void place.widget.console.inject(code);
    } else {
      place.widget.console.promptCell?.model.sharedModel.setSource(code);
    }
    return;
  }
  const { content: notebook, sessionContext } = place.widget;
  NotebookActions.insertBelow(notebook);
  notebook.activeCell?.model.sharedModel.setSource(code);
  if (run) {
    void NotebookActions.run(notebook, sessionContext);
  }
}

/** The source of every cell of a notebook; of a console, what was typed in it. */
export function sourcesOf(place: Place): string[] {
  const cells =
    place.kind === 'notebook' ? place.widget.content.widgets : [...place.widget.console.cells];
  return cells
    .filter(cell => cell.model.type === 'code')
    .map(cell => cell.model.sharedModel.getSource());
}
