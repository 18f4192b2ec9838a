/** A page of the timeline alone; its kernel is a server beside it that draws with the package itself. */
import '../../../src/explorer/style/index.css';

import { effect } from '@preact/signals';

import type { AnyRequest, ScopeState } from '../../../src/contract';
import { createTroubles } from '../../../src/explorer/app';
import type { Traits } from '../../../src/explorer/model';
import { createState } from '../../../src/explorer/state';
import { mountTimeline } from '../../../src/explorer/timeline';
import { createWire } from '../../../src/explorer/wire';
import { lend } from '../../../src/vega/lending';
import { FakeModel } from '../model';

lend(() => import('../../../src/vega'));

/** A kernel that asks the server; it can be held up. */
class Desk extends FakeModel {
  /** Answers wait while it is set. */
  held: Promise<void> | null = null;
  /** The next question is refused with this sentence. */
  refusal: string | null = null;
  /** Bytes of the tables of each answer. */
  readonly sizes: number[] = [];
  private readonly ended = new Set<string>();

  override send(message: unknown): void {
    super.send(message);
    const request = message as AnyRequest;
    if (request.type === 'cancel') {
      this.ended.add(request.cancels);
    } else if (request.type === 'timeline') {
      void this.answer(request);
    }
  }

  private async answer(request: AnyRequest): Promise<void> {
    const response = await fetch('/ask', { method: 'POST', body: JSON.stringify(request) });
    const body = await response.arrayBuffer();
    await this.held;
    const head = new DataView(body).getUint32(0, true);
    const { lengths, ...sent } = JSON.parse(
      new TextDecoder().decode(new Uint8Array(body, 4, head)),
    );
    let at = 4 + head;
    const buffers = (lengths as number[]).map(length => {
      at += length;
      return new DataView(body, at - length, length);
    });
    const error = { type: 'error', id: request.id, to: request.type, key_scope: null };
    const { refusal } = this;
    if (this.ended.has(request.id)) {
      this.say({ ...error, sentence: 'Ended.', place: 'timeline', reason: 'cancelled' });
    } else if (refusal) {
      this.refusal = null;
      this.say({ ...error, sentence: refusal, place: 'timeline', reason: 'network' });
    } else {
      this.sizes.push(buffers.reduce((sum, one) => sum + one.byteLength, 0));
      this.say(sent, buffers);
    }
  }
}

const ROOM: ScopeState = { kind: 'room', id: 'room_pair_01', room: null };

function begin(scope: ScopeState = ROOM, traits: Partial<Traits> = {}) {
  const desk = new Desk({ _scope: scope, ...traits });
  const ended = new AbortController();
  const wire = createWire(desk, ended.signal);
  const state = createState(desk, ended.signal);
  const troubles = createTroubles();
  const root = document.createElement('section');
  root.className = 'hs-Explorer';
  const figure = document.createElement('figure');
  figure.className = 'hs-Timeline';
  figure.setAttribute('role', 'figure');
  figure.setAttribute('aria-label', 'Timeline');
  const host = document.createElement('div');
  figure.append(host);
  root.append(figure);
  document.querySelector('main')?.append(root);
  let frame = 0;
  const stop = effect(() => {
    const busy = wire.waiting.value > 0 || state.drawing.value > 0;
    root.dataset.ready = 'false';
    cancelAnimationFrame(frame);
    if (!busy) {
      const next = () => {
        root.dataset.ready = 'true';
      };
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(next);
      });
    }
  });
  mountTimeline(host, { wire, state, troubles, signal: ended.signal });
  const open = (opened: ScopeState) => {
    state.opened.value = { scope: opened, title: opened.id, running: false, tables: [] };
  };
  open(scope);
  return {
    desk,
    state,
    troubles,
    open,
    end: () => {
      ended.abort();
      stop();
      root.remove();
    },
  };
}

let shown: ReturnType<typeof begin> | undefined;

const page = {
  begin(scope?: ScopeState, traits?: Partial<Traits>): void {
    shown?.end();
    shown = begin(scope, traits);
  },
  end(): void {
    shown?.end();
    shown = undefined;
  },
  get now() {
    if (!shown) {
      throw new Error('nothing is mounted');
    }
    return shown;
  },
};

declare global {
  interface Window {
    timeline: typeof page;
  }
}
window.timeline = page;
document.body.dataset.ready = 'true';
