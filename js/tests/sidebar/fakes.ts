/** A kernel and a session of JupyterLab's, driven by a test: nothing is answered before it says so. */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { Session } from '../../src/sidebar/link';

export const SEEN = {
  model_id: 'm1',
  connection: 'DEMO STUDY',
  demo: true,
  problem: null,
  login: '%hs login',
};

interface Asked {
  readonly expression: string;
  readonly message: KernelMessage.IExecuteRequestMsg;
  /** The value's JSON form. */
  answer(value: unknown): Promise<void>;
  raise(ename: string, evalue: string): Promise<void>;
  /** The kernel never took it: it restarts, or dies. */
  lose(): Promise<void>;
}

/** Let everything that waits for a promise go on. */
export const settled = () => new Promise<void>(resolve => setTimeout(resolve));

export class FakeKernel {
  readonly asked: Asked[] = [];
  readonly subshells = new Set<string>();
  status: Kernel.Status = 'idle';
  clientId = 'client';
  username = '';
  isDisposed = false;
  info: Promise<unknown>;
  private made = 0;

  constructor(
    readonly id = 'k1',
    readonly supportsSubshells = true,
    language = 'python',
  ) {
    this.info = Promise.resolve({ language_info: { name: language } });
  }

  /** The question that waits longest for its answer. */
  next(): Asked {
    const first = this.asked.shift();
    if (!first) {
      throw new Error('nothing is asked of the kernel');
    }
    return first;
  }

  requestCreateSubshell() {
    const subshell_id = `s${++this.made}`;
    this.subshells.add(subshell_id);
    return { done: Promise.resolve({ content: { subshell_id } }) };
  }

  requestDeleteSubshell({ subshell_id }: { subshell_id: string }) {
    this.subshells.delete(subshell_id);
    return { done: Promise.resolve() };
  }

  sendShellMessage(message: KernelMessage.IExecuteRequestMsg) {
    const done = new Promise((resolve, reject) => {
      const reply = async (content: object) => {
        resolve({ content });
        await settled();
      };
      this.asked.push({
        message,
        expression: String(message.content.user_expressions?.value),
        answer: value =>
          reply({
            status: 'ok',
            user_expressions: { value: { status: 'ok', data: { 'application/json': value } } },
          }),
        raise: (ename, evalue) =>
          reply({ status: 'ok', user_expressions: { value: { status: 'error', ename, evalue } } }),
        lose: async () => {
          reject(new Error('Canceled future'));
          await settled();
        },
      });
    });
    return { done };
  }
}

export class FakeSession {
  kernel: FakeKernel | null;
  ready: Promise<void> = Promise.resolve();
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly kernelChanged = new Signal<this, { newValue: FakeKernel | null }>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  readonly iopubMessage = new Signal<this, object>(this);

  constructor(kernel: FakeKernel | null = new FakeKernel()) {
    this.kernel = kernel;
  }

  get session() {
    return { kernel: this.kernel };
  }

  /** As a link sees it. */
  get real(): Session {
    return this as unknown as Session;
  }

  async becomes(...statuses: Kernel.Status[]): Promise<void> {
    for (const status of statuses) {
      if (this.kernel) {
        this.kernel.status = status;
      }
      this.statusChanged.emit(status);
    }
    await settled();
  }

  async change(kernel: FakeKernel | null): Promise<void> {
    this.kernel = kernel;
    this.kernelChanged.emit({ newValue: kernel });
    await settled();
  }

  /** A cell has run to its end; or a request of the panel's, in whatever window. */
  async ran(msg_id = 'cell'): Promise<void> {
    this.iopubMessage.emit({
      header: { msg_type: 'status' },
      content: { execution_state: 'idle' },
      parent_header: { msg_type: 'execute_request', msg_id },
    });
    await settled();
  }
}
