import type { ILabShell } from '@jupyterlab/application';
import { Panel, Widget } from '@lumino/widgets';

import type { Drawer } from './drawer';
import { icon } from './icons';
import { drawNotice, type Notice } from './notices';
import type { ExplorerPanel } from './panel';

const AWAY: Notice<'back'> = {
  title: 'The explorer is open beside your work',
  actions: [['back', 'Move it back here']],
};

/** Moves the panel from the sidebar into the main area, beside what it belongs to, and back. */
export class Mover {
  private beside: Beside | null = null;

  constructor(
    private readonly shell: ILabShell,
    private readonly drawer: Drawer,
    private readonly panel: () => ExplorerPanel,
  ) {}

  /** Move it to the other place. */
  move(): void {
    if (this.beside) {
      this.back();
      return;
    }
    const panel = this.panel();
    this.drawer.fill(new Widget({ node: drawNotice(AWAY, () => this.back()) }), panel);
    panel.head.beside = true;
    this.beside = new Beside(panel, () => this.back());
    const ref = panel.place?.widget.id ?? null;
    this.shell.add(this.beside, 'main', { mode: 'split-right', ref, activate: false });
    if (this.drawer.isVisible) {
      this.shell.collapseLeft();
    }
  }

  /** Bring the panel to the front, wherever it is. */
  show(): void {
    this.shell.activateById((this.beside ?? this.drawer).id);
  }

  private back(): void {
    const panel = this.panel();
    this.drawer.fill(panel);
    panel.head.beside = false;
    this.beside?.dispose();
    this.beside = null;
    this.shell.activateById(this.drawer.id);
  }
}

/** The panel's tab in the main area; closing it brings the panel back. */
class Beside extends Panel {
  constructor(
    panel: ExplorerPanel,
    private readonly closed: () => void,
  ) {
    super();
    this.id = 'hs-jupyter-beside';
    this.addClass('hs-Drawer');
    this.title.label = 'HyperStudy';
    this.title.icon = icon;
    this.title.closable = true;
    this.addWidget(panel);
  }

  protected override onCloseRequest(): void {
    this.closed();
  }
}
