/** The explorer: one ES module that knows only anywidget's model interface. */
import './style/index.css';

import { computed, effect, untracked, signal as value } from '@preact/signals';
import { render as draw, h } from 'preact';

import type { HelloAnswer } from '../contract';
import { type App, AppContext, createTroubles } from './app';
import { keepKeys } from './host_keys';
import { createLive } from './live';
import type { Model } from './model';
import { followScope } from './opening';
import { createFetches } from './records/fetching';
import { createRecords } from './records/records';
import { createScopes } from './scopes/scopes';
import { countSelected } from './selecting';
import { createState, steady } from './state';
import { View } from './view';
import { createWire, Problem } from './wire';

/** Milliseconds of rest before the budget is asked for again. */
const BUDGET_REST_MS = 400;

const GONE =
  "The kernel that held this explorer was restarted or ended, and what was pushed went with it. Run the notebook's cells again.";

/** Show the explorer in an element; the function returned removes every trace. */
function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const ended = new AbortController();
  const root = document.createElement('section');
  root.className = 'hs-Explorer';
  root.setAttribute('aria-label', 'HyperStudy explorer');
  root.setAttribute('role', 'region');
  el.append(root);
  keepKeys(root, ended.signal);
  const app = createApp(model, root, ended.signal);
  draw(h(AppContext.Provider, { value: app, children: h(View, null) }), root);
  sayReady(app, root);
  saySilent(app, root);
  return () => {
    ended.abort();
    draw(null, root);
    root.remove();
  };
}

function createApp(model: Model, root: HTMLElement, signal: AbortSignal): App {
  const wire = createWire(model, signal);
  const state = createState(model, signal);
  const troubles = createTroubles();
  const said = value('');
  const hello = value<HelloAnswer | null>(null);

  wire.listen(message => {
    if (message.type === 'error') {
      troubles.tell(new Error(message.sentence), message.place);
    }
  }, signal);
  followScope(wire, state, (problem, again) => troubles.tell(problem, 'scopes', again), signal);
  const stopClearing = effect(() => {
    if (state.opening.value) {
      troubles.clear('scopes', 'types', 'records', 'timeline', 'selection', 'push', 'live');
    }
  });
  // What was done is said until something else is looked at.
  const looked = steady(() => [state.scope.value, state.selection.value, state.place.value.table]);
  const stopForgetting = effect(() => {
    void looked.value;
    said.value = '';
  });
  signal.addEventListener('abort', () => {
    stopClearing();
    stopForgetting();
  });
  const stopMourning = effect(() => {
    if (wire.gone.value) {
      untracked(() => troubles.tell(new Problem(GONE, 'network'), 'connection'));
    }
  });
  signal.addEventListener('abort', stopMourning);
  knowBudget();
  return {
    wire,
    state,
    troubles,
    said,
    hello,
    signal,
    scopes: createScopes(
      wire,
      state.scope,
      (error, again) => troubles.tell(error, 'scopes', again),
      signal,
    ),
    records: createRecords(
      wire,
      state,
      (error, again) => troubles.tell(error, 'records', again),
      () => troubles.clear('records'),
      signal,
    ),
    fetches: createFetches(
      wire,
      state,
      (error, again) => troubles.tell(error, 'records', again),
      sentence => {
        said.value = sentence;
      },
    ),
    live: createLive(wire, state, (error, again) => troubles.tell(error, 'live', again), signal),
    counts: countSelected(wire, state, error => troubles.tell(error, 'selection'), signal),
  };

  /** Ask who is there, and what is left of the budget whenever something may have cost of it. */
  function knowBudget(): void {
    const ask = () =>
      wire.ask('hello', { keeps: keepsView(root) }, { quiet: true }).then(
        ({ result }) => {
          hello.value = result;
        },
        error => troubles.tell(error, 'connection', () => void ask()),
      );
    // Seen for the first time: only now can be known what stands around it.
    const seen = new ResizeObserver(() => {
      seen.disconnect();
      void ask();
    });
    seen.observe(root);
    const idle = computed(() => wire.waiting.value === 0);
    const stop = effect(() => {
      if (idle.value) {
        const timer = setTimeout(ask, BUDGET_REST_MS);
        return () => clearTimeout(timer);
      }
      return;
    });
    signal.addEventListener('abort', () => seen.disconnect());
    signal.addEventListener('abort', stop);
  }
}

/** `data-silent` is there while no kernel has ever answered: `still/output.ts` then shows a picture, too. */
function saySilent({ wire, hello, signal }: App, root: HTMLElement): void {
  const stop = effect(() => {
    root.toggleAttribute(
      'data-silent',
      (wire.busy.value || wire.gone.value) && hello.value === null,
    );
  });
  signal.addEventListener('abort', stop);
}

/** The output around the explorer keeps it when the output is renewed: see `still/output.ts`. */
const keepsView = (root: HTMLElement): boolean => root.closest('[data-keeps]') !== null;

/** `data-ready` is true while nothing is waited for and everything is drawn. */
function sayReady({ wire, state, signal }: App, root: HTMLElement): void {
  const busy = computed(() => wire.waiting.value > 0 || state.drawing.value > 0);
  let frame = 0;
  const stop = effect(() => {
    cancelAnimationFrame(frame);
    if (busy.value) {
      root.dataset.ready = 'false';
      return;
    }
    // Two frames: what was asked for last is drawn in the first.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        root.dataset.ready = 'true';
      });
    });
  });
  signal.addEventListener('abort', () => {
    stop();
    cancelAnimationFrame(frame);
  });
}

export default { render };
