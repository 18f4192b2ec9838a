/**
 * Questions to the kernel, each answered once.
 *
 * A question waits in a map under its ID until its answer, its error, its own signal, the view's end, or
 * a long silence; its promise always settles. A kernel that says nothing is asked `hello`, which costs
 * nothing: when that stays unanswered too, the kernel is busy with a cell, and `busy` says so until
 * its next word. When the line itself is cut, because the kernel was restarted or died, `gone` says so: nothing
 * is waited for, and nothing can be asked any more.
 */
import { type ReadonlySignal, signal as value } from '@preact/signals';

import type {
  AnyRequest,
  Failure,
  News,
  Place,
  Progress,
  Reason,
  RequestType,
  Results,
  Sent,
} from '../contract';
import { type Table, tablesOf } from './arrow';
import type { Buffers, Model } from './model';

/** Silence after which the kernel is asked whether it is there, and then called busy; milliseconds. */
export const SILENCE_MS = 1_500;

/** Silence after which a question is given up, in milliseconds: ten minutes. */
export const GIVEN_UP_MS = 600_000;

export type Question<T extends RequestType> = Omit<Extract<AnyRequest, { type: T }>, 'type' | 'id'>;

export interface Reply<T extends RequestType> {
  readonly result: Results[T];
  /** The Arrow tables that came with it, by name. */
  readonly tables: Readonly<Record<string, Table>>;
}

export interface Asking {
  /** Ends the question: the kernel is told, the promise rejects as cancelled. */
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** News that come under this question's ID, before its answer. */
  readonly news?: (news: News) => void;
  /** Nobody waits for it: it does not count as work. */
  readonly quiet?: boolean;
}

export interface Wire {
  ask<T extends RequestType>(type: T, question: Question<T>, asking?: Asking): Promise<Reply<T>>;
  /** Hear what nobody asked for, as long as the signal stands. */
  listen(heard: (message: News | Failure) => void, signal: AbortSignal): void;
  /** How many questions are waited for. */
  readonly waiting: ReadonlySignal<number>;
  /** The kernel is busy with something else. */
  readonly busy: ReadonlySignal<boolean>;
  /** The line to the kernel is cut, for good: it was restarted, or it died. */
  readonly gone: ReadonlySignal<boolean>;
}

/** Why a question has no answer: a sentence to show, and where it belongs. */
export class Problem extends Error {
  constructor(
    readonly sentence: string,
    readonly reason: Reason,
    readonly place: Place = 'connection',
    readonly keyScope: string | null = null,
  ) {
    super(sentence);
    this.name = 'Problem';
  }
}

const cancelled = () => new Problem('Cancelled.', 'cancelled');

/** Whether somebody ended the question: nothing went wrong. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Problem && error.reason === 'cancelled';

interface Open {
  readonly asking: Asking;
  resolve(reply: Reply<RequestType>): void;
  reject(problem: Problem): void;
}

/** Open the wire of one view; it closes with the signal. */
export function createWire(model: Model, signal: AbortSignal): Wire {
  const prefix = randomText();
  const open = new Map<string, Open>();
  const listeners = new Set<(message: News | Failure) => void>();
  const waiting = value(0);
  const busy = value(false);
  const gone = value(false);
  let count = 0;
  let heardAt = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;

  /** Say something to the kernel; where the line is cut, nothing is left to wait for. */
  const send = (request: AnyRequest) => {
    try {
      model.send(request);
    } catch {
      gone.value = true;
      for (const id of [...open.keys()]) {
        settle(id)?.reject(cancelled());
      }
    }
  };
  const nextId = () => `${prefix}-${++count}`;

  const settle = (id: string): Open | undefined => {
    const found = open.get(id);
    if (open.delete(id) && !found?.asking.quiet) {
      waiting.value = waiting.peek() - 1;
    }
    if (!open.size) {
      clearTimeout(watch);
      watch = undefined;
      busy.value = false;
    }
    return found;
  };

  const lookAfter = (ms: number) => {
    clearTimeout(watch);
    watch = setTimeout(look, ms);
  };

  /** Ask a silent kernel whether it is there; give up one that never is. */
  const look = () => {
    const silentMs = performance.now() - heardAt;
    if (silentMs < SILENCE_MS) {
      lookAfter(SILENCE_MS - silentMs);
    } else if (silentMs >= GIVEN_UP_MS) {
      for (const id of [...open.keys()]) {
        settle(id)?.reject(new Problem(GIVEN_UP, 'wait'));
      }
    } else {
      busy.value = silentMs >= 2 * SILENCE_MS;
      lookAfter(Math.min(Math.max(SILENCE_MS, silentMs), GIVEN_UP_MS - silentMs));
      send({ type: 'hello', id: nextId() });
    }
  };

  const heard = (message: unknown, buffers: Buffers) => {
    if (!isSent(message)) {
      return;
    }
    heardAt = performance.now();
    busy.value = false;
    const question = open.get(message.id);
    if (message.type === 'progress') {
      question?.asking.progress?.(message);
    } else if (message.type === 'news' && question) {
      question.asking.news?.(message);
    } else if (message.type === 'answer') {
      settle(message.id);
      try {
        question?.resolve({ result: message.result, tables: tablesOf(message.tables, buffers) });
      } catch (error) {
        question?.reject(new Problem(`The kernel's answer cannot be read: ${error}.`, 'fault'));
      }
    } else if (message.type === 'error' && message.id) {
      settle(message.id)?.reject(
        new Problem(message.sentence, message.reason, message.place, message.key_scope),
      );
    } else {
      for (const listener of listeners) {
        listener(message);
      }
    }
  };

  const cancel = (id: string) => {
    const question = settle(id);
    if (question) {
      send({ type: 'cancel', id: nextId(), cancels: id });
      question.reject(cancelled());
    }
  };

  /** The host says that the line changed: a word tells whether it still stands. */
  const tried = () => send({ type: 'hello', id: nextId() });

  model.on('msg:custom', heard);
  model.on('comm_live_update', tried);
  signal.addEventListener('abort', () => {
    model.off('msg:custom', heard);
    model.off('comm_live_update', tried);
    for (const id of [...open.keys()]) {
      cancel(id);
    }
    listeners.clear();
  });

  return {
    waiting,
    busy,
    gone,
    listen: (listener, until) => {
      listeners.add(listener);
      until.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
    ask: <T extends RequestType>(type: T, question: Question<T>, asking: Asking = {}) =>
      new Promise<Reply<T>>((resolve, reject) => {
        if (signal.aborted || asking.signal?.aborted || gone.peek()) {
          reject(cancelled());
          return;
        }
        const id = nextId();
        const ended = () => cancel(id);
        const done = () => asking.signal?.removeEventListener('abort', ended);
        open.set(id, {
          asking,
          resolve: reply => {
            done();
            resolve(reply as Reply<T>);
          },
          reject: problem => {
            done();
            reject(problem);
          },
        });
        asking.signal?.addEventListener('abort', ended);
        if (!asking.quiet) {
          waiting.value = waiting.peek() + 1;
        }
        if (open.size === 1) {
          heardAt = performance.now();
          lookAfter(SILENCE_MS);
        }
        send({ ...question, type, id } as unknown as AnyRequest);
      }),
  };
}

const GIVEN_UP =
  'The kernel has not answered for ten minutes. Interrupt or restart it, then run the cell again.';

function isSent(message: unknown): message is Sent {
  const { type, id } = (message ?? {}) as { type?: unknown; id?: unknown };
  return (
    typeof id === 'string' &&
    (type === 'answer' || type === 'error' || type === 'progress' || type === 'news')
  );
}

function randomText(): string {
  return [...crypto.getRandomValues(new Uint32Array(3))].map(one => one.toString(36)).join('');
}
