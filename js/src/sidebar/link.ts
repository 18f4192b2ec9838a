/**
 * The panel's line to one notebook or console: what its kernel says, as states to show.
 *
 * Kernels start, restart, die, are exchanged and are busy, in any order, and every answer may come too
 * late. So whatever begins anew takes the next `turn`, and an answer counts only in its own turn.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';

import { evaluate, hasRun, PythonError } from './kernel';

/** What `hs_jupyter.panel.look` says. */
export interface Seen {
  /** The explorer's widget; null while there is nothing to explore. */
  readonly model_id: string | null;
  readonly connection: string;
  readonly demo: boolean;
  readonly problem: string | null;
  /** The cell that logs in. */
  readonly login: string;
}

export type State =
  | { readonly kind: 'waiting'; readonly for: 'kernel' | 'restart' | 'answer' | 'cell' | 'demo' }
  | { readonly kind: 'no kernel' }
  | { readonly kind: 'dead' }
  | { readonly kind: 'other language'; readonly language: string }
  | { readonly kind: 'no package'; readonly old: boolean }
  | { readonly kind: 'no key'; readonly seen: Seen }
  | { readonly kind: 'shown'; readonly seen: Seen }
  | { readonly kind: 'failed'; readonly sentence: string };

/** All that a link knows of a notebook or a console. */
export type Session = Pick<
  ISessionContext,
  | 'ready'
  | 'session'
  | 'statusChanged'
  | 'kernelChanged'
  | 'connectionStatusChanged'
  | 'iopubMessage'
>;

/** Milliseconds without an answer after which the kernel is called busy. */
export const SILENCE_MS = 1_500;

export class Link {
  private turn = 0;
  private now: State = { kind: 'waiting', for: 'kernel' };
  /** The kernel restarts: it is asked again at its next sign of life. */
  private restarting = false;
  /** Something ran while an answer was under way, or while nobody looked. */
  private stale = false;
  private asking = false;
  private asleep = false;
  /** The line to the kernel broke: what was asked may be lost. */
  private cut = false;

  /**
   * @param session - of the notebook or console
   * @param settings - the user's, as JSON for `hs_jupyter.panel`
   * @param changed - told every new state
   */
  constructor(
    private readonly session: Session,
    private readonly settings: () => string,
    private readonly changed: (state: State) => void,
  ) {
    session.statusChanged.connect(this.onStatus, this);
    session.kernelChanged.connect(this.onKernel, this);
    session.connectionStatusChanged.connect(this.onConnection, this);
    session.iopubMessage.connect(this.onMessage, this);
  }

  get state(): State {
    return this.now;
  }

  end(): void {
    this.turn++;
    this.session.statusChanged.disconnect(this.onStatus, this);
    this.session.kernelChanged.disconnect(this.onKernel, this);
    this.session.connectionStatusChanged.disconnect(this.onConnection, this);
    this.session.iopubMessage.disconnect(this.onMessage, this);
  }

  /** Nobody looks at the panel, or somebody does again. */
  set hidden(hidden: boolean) {
    this.asleep = hidden;
    if (!hidden && this.stale) {
      void this.lookAgain();
    }
  }

  /** Ask the kernel what to show; `afresh` if the explorer that it named cannot be shown. */
  look(afresh = false): Promise<void> {
    return this.begin(
      'answer',
      `look(${python(this.settings())}, afresh=${afresh ? 'True' : 'False'})`,
    );
  }

  /** Let the kernel use the demo study. */
  useDemo(): Promise<void> {
    return this.begin('demo', `use_demo(${python(this.settings())})`);
  }

  /** Look whether what is shown still holds, without a word while that is not known. */
  async lookAgain(): Promise<void> {
    if (this.asking || this.asleep || this.now.kind === 'waiting') {
      this.stale = true;
      return;
    }
    const turn = this.turn;
    this.asking = true;
    this.stale = false;
    const state = await this.ask(turn, `look(${python(this.settings())})`).catch(() => null);
    this.asking = false;
    if (state && turn === this.turn && !same(state, this.now)) {
      this.tell(state);
    }
    if (this.stale) {
      void this.lookAgain();
    }
  }

  private async begin(reason: 'answer' | 'demo', call: string): Promise<void> {
    const turn = ++this.turn;
    this.restarting = this.stale = false;
    this.tell({ kind: 'waiting', for: reason });
    const silent = setTimeout(() => {
      if (turn === this.turn && reason === 'answer') {
        const status = this.session.session?.kernel?.status;
        this.tell({ kind: 'waiting', for: status === 'busy' ? 'cell' : 'kernel' });
      }
    }, SILENCE_MS);
    try {
      const state = await this.ask(turn, call);
      if (state) {
        this.tell(state);
      }
    } catch (error) {
      if (turn === this.turn) {
        this.tell(failure(error));
      }
    } finally {
      clearTimeout(silent);
    }
    if (turn === this.turn && this.stale) {
      void this.lookAgain();
    }
  }

  /** Ask the kernel; null when something newer has begun meanwhile. */
  private async ask(turn: number, call: string): Promise<State | null> {
    await this.session.ready;
    const kernel = this.session.session?.kernel;
    if (turn !== this.turn || !kernel) {
      return turn === this.turn ? { kind: 'no kernel' } : null;
    }
    const { language_info: language } = await kernel.info;
    if (turn !== this.turn) {
      return null;
    }
    if (language.name !== 'python') {
      return { kind: 'other language', language: language.name };
    }
    const value = await evaluate(kernel, `__import__('hs_jupyter.panel', fromlist=['']).${call}`);
    return turn === this.turn ? stateOf(value as Seen) : null;
  }

  private tell(state: State): void {
    this.now = state;
    this.changed(state);
  }

  private onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this.restarting = true;
      this.turn++;
      this.tell({ kind: 'waiting', for: 'restart' });
    } else if (status === 'dead' || status === 'terminating') {
      this.turn++;
      this.tell({ kind: 'dead' });
    } else if (lives(status) && (this.restarting || this.now.kind === 'dead')) {
      void this.look();
    }
  }

  private onKernel(_: unknown, { newValue }: { newValue: Kernel.IKernelConnection | null }): void {
    if (newValue) {
      void this.look();
    } else {
      this.turn++;
      this.tell({ kind: 'no kernel' });
    }
  }

  private onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    if (status !== 'connected') {
      this.cut = true;
    } else if (this.cut) {
      this.cut = false;
      void (this.now.kind === 'waiting' ? this.look() : this.lookAgain());
    }
  }

  private onMessage(_: unknown, message: KernelMessage.IMessage): void {
    if (hasRun(message)) {
      void this.lookAgain();
    }
  }
}

function stateOf(seen: Seen): State {
  return seen.model_id === null ? { kind: 'no key', seen } : { kind: 'shown', seen };
}

function failure(error: unknown): State {
  if (error instanceof PythonError && error.name === 'ModuleNotFoundError') {
    const missing = /'(.*)'/.exec(error.message)?.[1];
    if (missing === 'hs_jupyter' || missing === 'hs_jupyter.panel') {
      return { kind: 'no package', old: missing !== 'hs_jupyter' };
    }
  }
  const text = error instanceof Error ? error.message : String(error);
  const named = error instanceof PythonError ? `${error.name}: ${text}` : text;
  return { kind: 'failed', sentence: named };
}

const same = (one: State, other: State): boolean => JSON.stringify(one) === JSON.stringify(other);

const lives = (status: Kernel.Status): boolean => status === 'idle' || status === 'busy';

/** A text as a Python string: JSON's form is one. */
const python = (text: string): string => JSON.stringify(text);
