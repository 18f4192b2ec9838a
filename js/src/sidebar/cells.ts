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

/**
 * Complete code so that a notebook that holds it runs from its first cell on: what loads the magic and
 * connects to the demo study stands before it, unless a cell has it already.
 *
 * @param demo - the code's data comes from the demo study
 * @param sources - the notebook's cells
 */
export function complete(code: string, demo: boolean, sources: readonly string[]): string {
  const has = (pattern: RegExp) => sources.some(one => pattern.test(one));
  const lines = [];
  if (/^%%?hs\b/m.test(code) && !has(/^\s*%(re)?load_ext\s+hs_jupyter\b/m)) {
    lines.push('%load_ext hs_jupyter');
  }
  if (demo && !has(/^\s*(\w+\s*=\s*)?(%hs\s+demo\b|\w+\.demo\()/m)) {
    lines.push(code.includes('%hs') ? '%hs demo' : 'hs.demo()');
  }
  return withHead(lines, code);
}

/** The source of every cell of a notebook; of a console, what was typed in it. */
export function sourcesOf(place: Place): string[] {
  const cells =
    place.kind === 'notebook' ? place.widget.content.widgets : [...place.widget.console.cells];
  return cells
    .filter(cell => cell.model.type === 'code')
    .map(cell => cell.model.sharedModel.getSource());
}

/** Python's own import stays first: `hs` stands for nothing before it. */
function withHead(lines: readonly string[], code: string): string {
  const [first = '', ...rest] = code.split('\n');
  return first.startsWith('import ')
    ? [first, ...lines, ...rest].join('\n')
    : [...lines, code].join('\n');
}
