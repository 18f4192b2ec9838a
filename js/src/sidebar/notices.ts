/** What the panel says while it shows no explorer: a sentence, and what can be done. */
import type { State } from './link';

/** All that a notice's buttons can do; `panel.ts` does it. */
export type Action =
  | 'new notebook'
  | 'demo notebook'
  | 'choose kernel'
  | 'restart'
  | 'install'
  | 'demo'
  | 'login'
  | 'settings'
  | 'again';

export interface Notice<A = Action> {
  readonly title: string;
  readonly text?: string;
  /** Which service is meant, without a word of advice. */
  readonly detail?: string;
  /** What to type. */
  readonly code?: string;
  /** Something went wrong. */
  readonly problem?: string | null;
  /** The panel waits, and goes on by itself. */
  readonly waiting?: boolean;
  /** The first is the one to take. */
  readonly actions?: readonly (readonly [A, string])[];
}

/** States that only the browser's side knows. */
export type Shown = State | { readonly kind: 'nowhere' | 'no widgets' };

const AGAIN = ['again', 'Try again'] as const;
const SETTINGS = ['settings', 'Open settings'] as const;

/**
 * Put a state in words; null while the explorer is shown.
 *
 * @param state - what to say
 * @param where - what the panel belongs to: `notebook` or `console`
 */
export function noticeOf(state: Shown, where: 'notebook' | 'console' = 'notebook'): Notice | null {
  switch (state.kind) {
    case 'shown':
      return null;
    case 'nowhere':
      return {
        title: 'No notebook is open',
        text: 'The explorer works in the kernel of a notebook, and puts what you select in its variables.',
        actions: [
          ['new notebook', 'New notebook'],
          ['demo notebook', 'Demo study in a new notebook'],
        ],
      };
    case 'waiting':
      return { title: WAITING[state.for], waiting: true };
    case 'no kernel':
      return {
        title: `This ${where} has no kernel`,
        text: 'The explorer needs a Python kernel, in which the data is.',
        actions: [['choose kernel', 'Choose a kernel']],
      };
    case 'dead':
      return {
        title: 'The kernel has died',
        text: 'Variables are lost; what was fetched is still stored.',
        actions: [['restart', 'Restart the kernel']],
      };
    case 'other language':
      return {
        title: `This kernel speaks ${state.language}`,
        text: 'The explorer needs a Python kernel. It comes back by itself with a notebook that has one.',
        actions: [['choose kernel', 'Choose a kernel']],
      };
    case 'no package':
      return state.old
        ? {
            title: 'This kernel has an older hs_jupyter',
            text: 'Bring it up to date in the environment of this kernel, and restart the kernel:',
            code: INSTALL[1],
            actions: [['install', `Insert it in the ${where}`], AGAIN],
          }
        : {
            title: 'hs_jupyter is not installed in this kernel',
            text: 'JupyterLab has it, the environment of this kernel has not. Install it there:',
            code: INSTALL[0],
            actions: [['install', `Insert it in the ${where}`], AGAIN],
          };
    case 'no widgets':
      return {
        title: 'This server shows no widgets',
        text: 'The explorer needs the extensions jupyterlab_widgets and anywidget in the environment that JupyterLab runs in. Install them there, and load this page again:',
        code: 'pip install jupyterlab_widgets anywidget',
      };
    case 'no key': {
      const { problem, connection } = state.seen;
      const isSettings = problem?.startsWith('In the settings') ?? false;
      return {
        title: 'No API key yet',
        text: 'Look around in the demo study, which needs none, or log in.',
        detail: connection,
        problem,
        actions: [
          ['demo', 'Use the demo study'],
          ['login', 'Log in'],
          ...(isSettings ? [SETTINGS] : []),
        ],
      };
    }
    case 'failed':
      return {
        title: 'The explorer could not be opened',
        problem: state.sentence,
        actions: [AGAIN],
      };
  }
}

const WAITING = {
  kernel: 'Waiting for the kernel …',
  restart: 'The kernel is restarting …',
  answer: 'Opening the explorer …',
  cell: 'The kernel is busy with a cell; the explorer opens as soon as it is free.',
  demo: 'Starting the demo study …',
};

/** What installs the package, or brings it up to date. */
export const INSTALL = ['%pip install hs-jupyter', '%pip install --upgrade hs-jupyter'] as const;

/** Draw a notice; `act` is told which button was pressed. */
export function drawNotice<A>(notice: Notice<A>, act: (action: A) => void): HTMLElement {
  const root = element('div', 'hs-Panel-notice');
  if (notice.waiting) {
    root.setAttribute('role', 'status');
    root.append(element('div', 'hs-Panel-wait'));
  }
  root.append(element('p', 'hs-Panel-title', notice.title));
  if (notice.problem) {
    const problem = element('p', 'hs-Panel-problem', notice.problem);
    problem.setAttribute('role', 'alert');
    root.append(problem);
  }
  if (notice.text) {
    root.append(element('p', 'hs-Panel-text', notice.text));
  }
  if (notice.detail) {
    root.append(element('p', 'hs-Panel-detail', notice.detail));
  }
  if (notice.code) {
    root.append(element('code', 'hs-Panel-code', notice.code));
  }
  for (const [index, [action, label]] of (notice.actions ?? []).entries()) {
    const button = element('button', index ? 'hs-Panel-button' : 'hs-Panel-button hs-Panel-main');
    button.textContent = label;
    (button as HTMLButtonElement).type = 'button';
    button.addEventListener('click', () => act(action));
    root.append(button);
  }
  return root;
}

export function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
