/** Notebooks and consoles: where the panel can belong. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

/** A notebook or a console, and its kernel. */
export type Place = {
  readonly session: ISessionContext;
  readonly rendermime: IRenderMimeRegistry;
} & (
  | { readonly kind: 'notebook'; readonly widget: NotebookPanel }
  | { readonly kind: 'console'; readonly widget: ConsolePanel }
);

/**
 * Choose what the panel belongs to: what is worked in, else what it belonged to, else what was worked in
 * before.
 *
 * @param current - what has the focus in the main area: one of `open`, anything else, or nothing
 * @param before - what the panel belonged to
 * @param lately - what was worked in last, best first
 */
export function choose<T>(
  open: ReadonlySet<T>,
  current: unknown,
  before: T | null,
  lately: readonly (T | null)[],
): T | null {
  const wishes = [current as T, before, ...lately];
  return wishes.find((one): one is T => one !== null && open.has(one)) ?? null;
}

/** Follows which notebook or console the person works in. */
export class Places {
  private now: Place | null = null;
  private readonly moved = new Signal<this, Place | null>(this);

  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly notebooks: INotebookTracker,
    private readonly consoles: IConsoleTracker | null,
  ) {
    shell.currentChanged?.connect(this.follow, this);
    notebooks.currentChanged.connect(this.follow, this);
    consoles?.currentChanged.connect(this.follow, this);
    this.follow();
  }

  get current(): Place | null {
    return this.now;
  }

  /** Emitted with another notebook or console, or null. */
  get changed(): ISignal<this, Place | null> {
    return this.moved;
  }

  private follow(): void {
    const open = new Set<Widget>();
    this.notebooks.forEach(one => void open.add(one));
    this.consoles?.forEach(one => void open.add(one));
    const lately = [this.notebooks.currentWidget, this.consoles?.currentWidget ?? null];
    const next = choose(open, this.shell.currentWidget, this.now?.widget ?? null, lately);
    if (next !== (this.now?.widget ?? null)) {
      this.now = next && this.placeOf(next);
      this.moved.emit(this.now);
    }
  }

  private placeOf(widget: Widget): Place {
    if (this.notebooks.has(widget)) {
      const notebook = widget as NotebookPanel;
      const { rendermime } = notebook.content;
      return { kind: 'notebook', widget: notebook, session: notebook.sessionContext, rendermime };
    }
    const held = widget as ConsolePanel;
    const { rendermime } = held.console;
    return { kind: 'console', widget: held, session: held.sessionContext, rendermime };
  }
}
