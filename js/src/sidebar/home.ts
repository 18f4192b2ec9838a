/** Everything that stands behind the icon: loaded when the panel is shown first. */
import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { Drawer } from './drawer';
import { pythonOf } from './first';
import { Mover } from './moving';
import { ExplorerPanel } from './panel';
import { Places } from './places';

/** What the application offers; null where it does not. */
export interface House {
  readonly app: JupyterFrontEnd;
  readonly notebooks: INotebookTracker;
  readonly consoles: IConsoleTracker | null;
  readonly labShell: ILabShell | null;
  readonly settings: Promise<ISettingRegistry.ISettings> | null;
}

/** The panel, and where it stands. */
export interface Home {
  readonly panel: ExplorerPanel;
  /** Bring it to the front. */
  show(): void;
  /** Move it beside the notebook, or back. */
  move(): void;
}

export async function makeHome(drawer: Drawer, house: House): Promise<Home> {
  const { app, notebooks, consoles, labShell } = house;
  const settings = await house.settings?.catch(error => {
    console.warn(`HyperStudy's settings cannot be read: ${error}`);
  });
  const places = new Places(app.shell, notebooks, consoles);
  const mover = labShell && new Mover(labShell, drawer, () => panel);
  const run = (command: string, args?: Record<string, string>) =>
    void app.commands.execute(command, args);
  const panel: ExplorerPanel = new ExplorerPanel(
    {
      show: ({ widget }) => app.shell.activateById(widget.id),
      run,
      newNotebook: () => {
        const { specs } = app.serviceManager.kernelspecs;
        run('notebook:create-new', { kernelName: pythonOf(specs).name });
      },
      settings: () => JSON.stringify(settings ? connectionOf(settings.composite) : {}),
      move: mover && (() => mover.move()),
    },
    places,
  );
  settings?.changed.connect(() => panel.settingsChanged());
  drawer.fill(panel);
  return {
    panel,
    show: () => (mover ? mover.show() : app.shell.activateById(drawer.id)),
    move: () => mover?.move(),
  };
}

/** The settings as `hs_jupyter.panel` takes them. */
export function connectionOf({ baseUrl, organization, pageSize }: Record<string, unknown>) {
  return { base_url: baseUrl, organization, page_size: pageSize };
}
