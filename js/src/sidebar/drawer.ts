import { Panel, Widget } from '@lumino/widgets';
import type { Home } from './home';
import { icon } from './icons';

/** The place in the sidebar. Its panel is loaded when it is shown first; until then it costs nothing. */
export class Drawer extends Panel {
  private loading: Promise<Home> | undefined;

  /** @param load - loads the panel and puts it here */
  constructor(private readonly load: (drawer: Drawer) => Promise<Home>) {
    super();
    this.id = 'hs-jupyter-drawer';
    this.addClass('hs-Drawer');
    this.title.icon = icon;
    this.title.caption = 'HyperStudy Explorer';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'HyperStudy panel');
  }

  /** The panel, and where it stands. */
  home(): Promise<Home> {
    this.loading ??= this.load(this).catch(error => {
      this.loading = undefined;
      const node = document.createElement('p');
      node.textContent = `The panel could not be loaded; show it again to try once more. ${error}`;
      this.fill(new Widget({ node }));
      throw error;
    });
    return this.loading;
  }

  /** Hold this and nothing else; the panel itself is never disposed. */
  fill(held: Widget, keep?: Widget): void {
    for (const one of [...this.widgets]) {
      one.parent = null;
      if (one !== keep) {
        one.dispose();
      }
    }
    this.addWidget(held);
  }

  protected override onAfterShow(): void {
    this.home().catch(() => undefined);
  }
}
