import { Widget } from '@lumino/widgets';

import { besideIcon, homeIcon } from './icons';
import { element } from './notices';
import type { Place } from './places';

/** The panel's first line: what it belongs to, how its kernel is, and where the panel stands. */
export class Head extends Widget {
  private place: Place | null = null;
  private readonly name = element('span', 'hs-Panel-name');
  private readonly kernel = element('span', 'hs-Panel-kernel');
  private readonly link = element('button', 'hs-Panel-place') as HTMLButtonElement;
  private readonly warning = element('p', 'hs-Panel-warning');
  private readonly move = element('button', 'hs-Panel-move') as HTMLButtonElement;

  /**
   * @param show - brings what the panel belongs to to the front
   * @param move - moves the panel beside it or back; null where it has one place only
   */
  constructor(show: () => void, move: (() => void) | null) {
    super({ node: element('header', 'hs-Panel-head') });
    this.link.type = this.move.type = 'button';
    this.link.addEventListener('click', show);
    this.link.append(element('span', 'hs-Panel-dot'), this.name, this.kernel);
    this.node.append(this.link);
    if (move) {
      this.move.addEventListener('click', move);
      this.node.append(this.move);
    }
    this.warning.setAttribute('role', 'alert');
    this.warning.hidden = true;
    this.node.append(this.warning);
    this.beside = false;
    this.belong(null);
  }

  /** Name what the panel belongs to. */
  belong(place: Place | null): void {
    this.place?.widget.title.changed.disconnect(this.tell, this);
    this.place?.session.statusChanged.disconnect(this.tell, this);
    this.place?.session.kernelChanged.disconnect(this.tell, this);
    this.place = place;
    place?.widget.title.changed.connect(this.tell, this);
    place?.session.statusChanged.connect(this.tell, this);
    place?.session.kernelChanged.connect(this.tell, this);
    this.tell();
  }

  /** Whether the panel stands in the main area. */
  set beside(beside: boolean) {
    const label = beside ? 'Back to the sidebar' : 'Open beside';
    this.move.title = label;
    this.move.setAttribute('aria-label', label);
    this.move.replaceChildren((beside ? homeIcon : besideIcon).element({ tag: 'span' }));
  }

  /** Say what is wrong although the explorer is shown; null when nothing is. */
  warn(problem: string | null): void {
    this.warning.hidden = problem === null;
    this.warning.textContent = problem;
  }

  private tell(): void {
    const { widget, session } = this.place ?? {};
    const status = session?.kernelDisplayStatus ?? '';
    const kernel = session?.session?.kernel ? session.kernelDisplayName : 'no kernel';
    this.name.textContent = widget?.title.label ?? 'HyperStudy';
    this.kernel.textContent = session ? kernel : '';
    this.node.dataset.kernel = status;
    this.link.disabled = !session;
    this.link.title = session ? `${session.path}: kernel ${status}. Press to go there.` : '';
  }
}
