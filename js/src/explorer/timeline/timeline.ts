/**
 * The timeline of one view: asks the kernel for what its window shows, draws it, and moves window,
 * cursor and selection with the pointer and the keyboard.
 *
 * A gesture moves what is drawn at once; the kernel's detail comes after it. Window and selection become the
 * explorer's (`place`, `selection`) when a gesture rests, the cursor with every move.
 */
import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  untracked,
  signal as value,
} from '@preact/signals';

import type { PlaceState, ScopeState, TableState } from '../../contract';
import type { App } from '../app';
import { same as alike, NOTHING_HIDDEN, steady } from '../state';
import { isCancelled } from '../wire';
import type { Ground } from './drags';
import { type Frame, isWhole, knownOf, nextFrame } from './frame';
import { Latest } from './latest';
import type { Box, Measures } from './picture';
import { momentAt, panned, type Span, same, snapped, within, zoomed } from './span';

export type Tools = Pick<App, 'wire' | 'state' | 'troubles' | 'signal'>;

/** What is asked of the kernel. */
interface Wanted {
  readonly scope: ScopeState;
  readonly width_px: number;
  readonly window: Span | null;
  readonly hidden: PlaceState['hidden'];
}

/** Rest after which a moved window is the explorer's, and a width is asked for, in milliseconds. */
const REST_MS = 140;

const LEAST_WIDTH_PX = 50;

/** Below so many pixels, names and values get less room. */
const NARROW_PX = 520;

export class Timeline {
  readonly frame = value<Frame | null>(null);
  /** What is seen, while a gesture moves it; null: what the place says. */
  private readonly moved = value<Span | null>(null);
  /** What is being selected; null: what the selection says. */
  readonly marking = value<Span | null>(null);
  /** The width of the stage in pixels. */
  readonly stage = value(0);
  private readonly askedWidth = value(0);
  readonly boxes = value<readonly Box[]>([]);

  readonly measures: ReadonlySignal<Measures> = steady(() => measuresOf(this.stage.value));
  readonly domain: ReadonlySignal<Span> = computed(() => this.frame.value?.answer.domain ?? [0, 1]);
  readonly window: ReadonlySignal<Span> = computed(() =>
    within(
      this.moved.value ?? this.tools.state.place.value.window ?? this.domain.value,
      this.domain.value,
    ),
  );
  readonly selection: ReadonlySignal<Span | null> = computed(
    () => this.marking.value ?? this.tools.state.selection.value.window,
  );
  /** The participants selected; null is everyone. */
  readonly chosen = steady(() => this.tools.state.selection.value.participants);
  readonly cursor: Signal<number | null> = value(null);
  /** Window and selection, while no gesture moves them. */
  readonly rested: ReadonlySignal<{ readonly place: Span; readonly selection: Span | null }> =
    steady(() => ({
      place: within(this.tools.state.place.value.window ?? this.domain.value, this.domain.value),
      selection: this.tools.state.selection.value.window,
    }));

  private readonly feed: Latest<Wanted>;
  private wanted: Wanted | null = null;
  /** What the frame answers. */
  private answered: Wanted | null = null;
  /** By table, the version of the records that can be drawn. */
  private readonly versions: ReadonlySignal<Readonly<Record<string, number>>>;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tools: Tools) {
    const { state, troubles, signal } = tools;
    this.feed = new Latest(
      (wanted, ended) => this.ask(wanted, ended),
      (error, wanted) => {
        if (!isCancelled(error)) {
          troubles.tell(error, 'timeline', () => this.feed.hurry(wanted));
        }
      },
    );
    const placed = steady(() => state.place.value.window);
    this.versions = steady(() => versionsOf(state.opened.value?.tables ?? []));
    const stops = [
      this.followScope(),
      this.followRecords(),
      this.followWidth(),
      // A window that others set is seen at once.
      effect(() => {
        const window = placed.value;
        untracked(() => {
          this.moved.value = null;
          this.askFor(window ?? this.domain.peek());
        });
      }),
      effect(() => {
        const now = state.cursor.value;
        if (now) {
          this.cursor.value = now.onset_sec;
        }
      }),
    ];
    signal.addEventListener('abort', () => {
      for (const stop of stops) {
        stop();
      }
      clearTimeout(this.rest);
      this.feed.end();
    });
  }

  /** What gestures act on. */
  get ground(): Ground {
    return {
      window: this.window.peek(),
      domain: this.domain.peek(),
      selection: this.selection.peek(),
      width: this.measures.peek().width,
    };
  }

  /** Show a window at once; it becomes the place's when it rests. */
  show(window: Span): void {
    this.moved.value = window;
    this.askFor(window);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.settle(), REST_MS);
  }

  /** The window rests: it becomes the place's, and its detail is asked for at once. */
  settle(): void {
    clearTimeout(this.rest);
    const window = this.moved.peek();
    if (!window) {
      return;
    }
    const whole = same(window, this.domain.peek());
    this.tools.state.go({ window: whole ? null : snapped(window) });
    this.moved.value = null;
    this.askFor(this.window.peek());
    this.feed.dontWait();
  }

  zoom(factor: number, at?: number): void {
    const window = this.window.peek();
    const inside = (sec: number | null | undefined): sec is number =>
      sec != null && sec >= window[0] && sec <= window[1];
    const selection = this.selection.peek();
    const middle = selection && (selection[0] + selection[1]) / 2;
    const cursor = this.cursor.peek();
    const around = [at, middle, cursor].find(inside) ?? momentAt(0.5, window);
    this.show(zoomed(window, this.domain.peek(), factor, around));
    this.settle();
  }

  pan(share: number): void {
    const window = this.window.peek();
    this.show(panned(window, this.domain.peek(), share * (window[1] - window[0])));
    this.settle();
  }

  showAll(): void {
    this.show(this.domain.peek());
    this.settle();
  }

  /** Select a span: shown at once, the explorer's when it rests. */
  select(span: Span | null, rests: boolean): void {
    if (rests) {
      batch(() => {
        this.marking.value = null;
        this.tools.state.select({ window: span });
      });
    } else {
      this.marking.value = span;
    }
  }

  /** Put the cursor somewhere; while a recording plays, it alone moves it, unless this is on purpose. */
  point(sec: number | null, onPurpose = false): void {
    const { cursor, playing } = this.tools.state;
    if (playing.peek() && !onPurpose) {
      return;
    }
    this.cursor.value = sec;
    if (sec !== null) {
      cursor.value = { onset_sec: sec, from: 'timeline' };
    }
  }

  /** Hide or show. */
  hide(change: Partial<PlaceState['hidden']>): void {
    const { state } = this.tools;
    state.go({ hidden: { ...NOTHING_HIDDEN, ...state.place.peek().hidden, ...change } });
  }

  /** Open the recording of a mark, or the room of a line. */
  play(recording: string, sec: number | null): void {
    const { state } = this.tools;
    state.recording.value = recording;
    if (sec !== null) {
      this.point(sec, true);
    }
  }

  openRoom(id: string): void {
    this.tools.state.opening.value = { kind: 'room', id, room: null };
  }

  /** Ask anew whenever scope, width or what is hidden change. */
  private followScope(): () => void {
    const { state } = this.tools;
    const asked = steady(() => {
      const opened = state.opened.value;
      return opened && this.askedWidth.value
        ? {
            scope: opened.scope,
            width_px: this.askedWidth.value,
            hidden: state.place.value.hidden,
          }
        : null;
    });
    return effect(() => {
      const now = asked.value;
      if (!now) {
        this.feed.end();
        this.wanted = null;
        return;
      }
      const frame = this.frame.peek();
      if (frame && !alike(frame.scope, now.scope)) {
        this.frame.value = null;
        this.cursor.value = null;
      }
      this.wanted = { ...now, window: this.moved.peek() ?? state.place.peek().window };
      this.tools.troubles.clear('timeline');
      this.feed.hurry(this.wanted);
    });
  }

  /** Ask anew when there are other records than those drawn; what is under way may bring them. */
  private followRecords(): () => void {
    return effect(() => {
      void this.versions.value;
      if (this.wanted) {
        this.feed.want(this.wanted);
      }
    });
  }

  /** A width is asked for when it rests; the first at once. */
  private followWidth(): () => void {
    return effect(() => {
      const width = Math.round(this.measures.value.width);
      if (width < LEAST_WIDTH_PX) {
        return;
      }
      if (!this.askedWidth.peek()) {
        this.askedWidth.value = width;
        return;
      }
      const rested = this.tools.state.begin();
      const timer = setTimeout(() => {
        this.askedWidth.value = width;
        rested();
      }, REST_MS);
      return () => {
        clearTimeout(timer);
        rested();
      };
    });
  }

  /** Ask for the detail of a window, unless everything is there, or it was asked for. */
  private askFor(window: Span): void {
    const frame = this.frame.peek();
    if (!this.wanted || !frame || isWhole(frame)) {
      return;
    }
    const whole = same(window, this.domain.peek());
    const next = { ...this.wanted, window: whole ? null : snapped(window) };
    if (!alike(next, this.wanted)) {
      this.wanted = next;
      this.feed.want(next);
    }
  }

  private async ask(question: Wanted, signal: AbortSignal): Promise<void> {
    const { wire } = this.tools;
    const frame = this.frame.peek();
    if (
      frame &&
      alike(question, this.answered) &&
      alike(this.versions.peek(), frame.answer.drawn)
    ) {
      return;
    }
    const known = knownOf(frame);
    const { result, tables } = await wire.ask('timeline', { ...question, known }, { signal });
    if (signal.aborted) {
      return;
    }
    const { state, troubles } = this.tools;
    troubles.clear('timeline');
    this.answered = question;
    batch(() => {
      this.frame.value = nextFrame(this.frame.peek(), question.scope, result, tables);
      state.drawn.value = {
        scope: question.scope,
        domain: result.domain,
        choices: result.choices,
      };
      // A room of which no list said so turns out to run.
      const opened = state.opened.peek();
      if (opened && result.running && alike(opened.scope, question.scope)) {
        state.opened.value = { ...opened, running: true };
      }
    });
  }
}

/** Of the tables that the timeline draws, those that are there whole. */
const versionsOf = (tables: readonly TableState[]): Record<string, number> =>
  Object.fromEntries(
    tables.filter(one => one.drawn && one.whole).map(one => [one.table, one.version]),
  );

function measuresOf(stage: number): Measures {
  const [labels, values] = stage < NARROW_PX ? [70, 42] : [104, 52];
  return { width: Math.max(0, Math.floor(stage - labels - values)), labels, values };
}
