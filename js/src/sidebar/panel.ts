/** The panel: names the notebook or console that it belongs to, and shows its kernel's explorer. */
import '../../style/panel.css';

import { SessionContextDialogs } from '@jupyterlab/apputils';
import { Panel, Widget } from '@lumino/widgets';

import { insert, sourcesOf } from './cells';
import { complete } from './code';
import { Head } from './head';
import { Link, type State } from './link';
import { type Action, drawNotice, INSTALL, noticeOf, type Shown } from './notices';
import type { Place, Places } from './places';
import { View } from './view';

/** What the panel asks of the application. */
export interface Application {
  /** Bring a notebook or console to the front. */
  show(place: Place): void;
  run(command: string, args?: Record<string, string>): void;
  /** Open a new notebook with a Python kernel. */
  newNotebook(): void;
  /** The user's settings, as JSON for `hs_jupyter.panel`. */
  settings(): string;
  /** Move the panel into the main area or back; null where it has one place only. */
  readonly move: (() => void) | null;
}

/** By this event the explorer hands over code, where it stands inside of `data-inserts`. */
const CODE = 'hs-code';

export class ExplorerPanel extends Panel {
  readonly head: Head;
  private readonly body = new Panel();
  private at: Place | null = null;
  private belongs = false;
  private link: Link | null = null;
  private view: View | null = null;
  private notice: Widget | null = null;
  /** An explorer could not be shown: if the next one cannot either, that is said. */
  private failed = false;

  constructor(
    private readonly app: Application,
    private readonly places: Places,
  ) {
    super();
    this.addClass('hs-Panel');
    this.node.dataset.inserts = 'true';
    this.node.addEventListener(CODE, event => this.takeCode(event));
    this.head = new Head(() => this.place && app.show(this.place), app.move);
    this.body.addClass('hs-Panel-body');
    this.addWidget(this.head);
    this.addWidget(this.body);
    places.changed.connect(this.follow, this);
  }

  /** The notebook or console that the panel belongs to. */
  get place(): Place | null {
    return this.at;
  }

  /** Do what a button or a command asks for, where that makes sense. */
  act(action: Action): void {
    const { at: place, link } = this;
    const state = link?.state;
    const deeds: Record<Action, () => unknown> = {
      'new notebook': () => this.app.newNotebook(),
      'demo notebook': () => this.app.run('hs-jupyter:demo-notebook'),
      settings: () => this.app.run('settingeditor:open', { query: 'HyperStudy' }),
      again: () => link?.look(state?.kind === 'shown'),
      demo: () => link?.useDemo(),
      'choose kernel': () => place && new SessionContextDialogs().selectKernel(place.session),
      restart: () => place?.session.restartKernel(),
      install: () => this.insert(INSTALL[state?.kind === 'no package' && state.old ? 1 : 0]),
      login: () => place && this.insert(loginIn(place, state), true),
    };
    deeds[action]();
  }

  /** Other settings hold. */
  settingsChanged(): void {
    void this.link?.lookAgain();
  }

  protected override onAfterAttach(): void {
    this.follow();
  }

  protected override onAfterShow(): void {
    this.follow();
  }

  protected override onAfterHide(): void {
    this.follow();
  }

  /** Belong to what the person works in; a kernel is asked only while somebody looks. */
  private follow(): void {
    const place = this.places.current;
    if (place !== this.place) {
      this.leave();
    }
    if (this.isVisible && !this.belongs) {
      this.join(place);
    }
    if (this.link) {
      this.link.hidden = !this.isVisible;
    }
  }

  private leave(): void {
    this.link?.end();
    this.link = this.at = null;
    this.belongs = this.failed = false;
    this.head.belong(null);
    this.clear();
  }

  private join(place: Place | null): void {
    this.belongs = true;
    this.at = place;
    this.head.belong(place);
    if (place) {
      this.link = new Link(place.session, this.app.settings, state => this.draw(state));
      void this.link.look();
    } else {
      this.draw({ kind: 'nowhere' });
    }
  }

  /** Show a state; an explorer that is there already stays as it is. */
  private draw(state: Shown): void {
    this.node.dataset.state = state.kind;
    this.head.warn(state.kind === 'shown' ? state.seen.problem : null);
    const model = state.kind === 'shown' ? state.seen.model_id : null;
    if (model !== null && model === this.view?.model) {
      return;
    }
    this.clear();
    const notice = noticeOf(state, this.place?.kind);
    if (notice) {
      this.notice = new Widget({ node: drawNotice(notice, action => this.act(action)) });
      this.body.addWidget(this.notice);
    } else if (model !== null && this.place) {
      void this.open(new View(this.place, model));
    }
  }

  private async open(view: View): Promise<void> {
    this.view = view;
    this.body.addWidget(view);
    const loss = await view.open(() => this.reopen(view));
    if (view !== this.view) {
      return;
    }
    if (loss === 'no widgets') {
      this.draw({ kind: 'no widgets' });
    } else if (loss && this.failed) {
      this.draw({ kind: 'failed', sentence: 'Its widget could not be found in this page.' });
    } else if (loss) {
      this.failed = true;
      void this.link?.look(true);
    } else {
      this.failed = false;
    }
  }

  /** The widget was closed: by the person's code, or since its kernel goes, which the link then knows. */
  private async reopen(view: View): Promise<void> {
    await Promise.resolve();
    if (view === this.view && this.link?.state.kind === 'shown') {
      void this.link.look();
    }
  }

  private clear(): void {
    this.notice?.dispose();
    this.view?.dispose();
    this.notice = this.view = null;
  }

  private insert(code: string, run = false): void {
    if (this.place) {
      this.app.show(this.place);
      insert(this.place, code, run);
    }
  }

  private takeCode(event: Event): void {
    const code: unknown = event instanceof CustomEvent ? event.detail : null;
    const state = this.link?.state;
    if (typeof code === 'string' && this.place && state?.kind === 'shown') {
      insert(this.place, complete(code, state.seen.demo, sourcesOf(this.place)));
      event.preventDefault(); // it was taken
    }
  }
}

/** The cell that logs in: as the kernel says, else what does in any. */
function loginIn(place: Place, state: State | undefined): string {
  return state && 'seen' in state
    ? state.seen.login
    : complete('%hs login', false, sourcesOf(place));
}
