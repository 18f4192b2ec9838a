/**
 * The sidebar: an icon, commands, a launcher card. All else is loaded when the panel is shown first.
 *
 * Nothing is required: where there are no notebooks, as in Notebook's file browser, nothing is added.
 */
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { Drawer } from './drawer';
import type { Home } from './home';
import { cardUrl, icon } from './icons';
import type { Action } from './notices';

const ID = 'hs-jupyter:panel';
/** After the table of contents, before the extension manager. */
const RANK = 600;

interface Args {
  /** The launcher's folder. */
  readonly cwd?: string;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'The HyperStudy explorer in the sidebar, in the kernel of the notebook at hand.',
  autoStart: true,
  optional: [
    INotebookTracker,
    IConsoleTracker,
    ILabShell,
    ICommandPalette,
    ILauncher,
    ILayoutRestorer,
    ISettingRegistry,
  ],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    consoles: IConsoleTracker | null,
    labShell: ILabShell | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
  ) => {
    if (!notebooks) {
      return;
    }
    const drawer = new Drawer(async here => {
      const { makeHome } = await import('./home');
      const loaded = settings?.load(ID) ?? null;
      return makeHome(here, { app, notebooks, consoles, labShell, settings: loaded });
    });
    app.shell.add(drawer, 'left', { rank: RANK });
    restorer?.add(drawer, drawer.id);

    const add = (name: string, label: string, execute: (args: Args) => unknown) => {
      const command = `hs-jupyter:${name}`;
      app.commands.addCommand(command, { label, icon, execute: args => execute(args as Args) });
      palette?.addItem({ command, category: 'HyperStudy' });
      return command;
    };
    const atHome = (act: (home: Home) => void) => () => drawer.home().then(act);
    add('show', 'Show the HyperStudy Explorer', atHome(show));
    if (labShell) {
      add(
        'move',
        'Open the HyperStudy Explorer Beside, or Back',
        atHome(home => home.move()),
      );
    }
    add('use-demo', 'Use the HyperStudy Demo in This Kernel', atHome(doing('demo')));
    add('login', 'Log In to HyperStudy', atHome(doing('login')));
    const demo = add('demo-notebook', 'HyperStudy Demo', async ({ cwd }) => {
      const { openDemo } = await import('./demo');
      const opened = await openDemo(app, cwd ?? '');
      if (opened) {
        (await drawer.home()).show();
      }
      return opened;
    });
    launcher?.add({ command: demo, category: 'Notebook', rank: RANK, kernelIconUrl: cardUrl });
  },
};

const show = (home: Home) => home.show();

const doing = (action: Action) => (home: Home) => {
  home.show();
  home.panel.act(action);
};

export default plugin;
