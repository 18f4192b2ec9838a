import { type Kernel, KernelMessage } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

/** Begins the IDs of the panel's own messages, in every window, so that none takes them for a cell's. */
const MARK = 'hs-panel-';

/** Why an expression has no value: Python's exception. */
export class PythonError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Evaluate a Python expression in a kernel, and return its value's JSON form.
 *
 * No cell runs, and nothing of it stays: no number, no history, no output, no variable. Where the kernel
 * has subshells it is answered while a cell runs; the subshell goes with the answer. Elsewhere it waits
 * for the cell.
 */
export async function evaluate(
  kernel: Kernel.IKernelConnection,
  expression: string,
): Promise<unknown> {
  await kernel.info; // says whether there are subshells
  const subshell = kernel.supportsSubshells
    ? (await kernel.requestCreateSubshell({}).done).content.subshell_id
    : null;
  try {
    const request = KernelMessage.createMessage<KernelMessage.IExecuteRequestMsg>({
      msgType: 'execute_request',
      channel: 'shell',
      msgId: `${MARK}${UUID.uuid4()}`,
      session: kernel.clientId,
      username: kernel.username,
      subshellId: subshell,
      content: {
        code: '',
        silent: true,
        store_history: false,
        allow_stdin: false,
        stop_on_error: false,
        user_expressions: { value: expression },
      },
    });
    const sent = kernel.sendShellMessage<'execute_request'>(request, true, true);
    return answerOf(((await sent.done) as KernelMessage.IExecuteReplyMsg).content);
  } finally {
    if (subshell !== null && kernel.status !== 'dead' && !kernel.isDisposed) {
      kernel.requestDeleteSubshell({ subshell_id: subshell }).done.catch(() => undefined);
    }
  }
}

/** Whether a message says that something other than the panel's own has run to its end. */
export function hasRun({
  header,
  content,
  parent_header: parent,
}: KernelMessage.IMessage): boolean {
  return (
    header.msg_type === 'status' &&
    (content as KernelMessage.IStatusMsg['content']).execution_state === 'idle' &&
    'msg_type' in parent &&
    parent.msg_type === 'execute_request' &&
    !parent.msg_id.startsWith(MARK)
  );
}

interface Value {
  readonly status: 'ok' | 'error';
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
}

function answerOf(reply: KernelMessage.IExecuteReplyMsg['content']): unknown {
  const value = (reply.status === 'ok' ? reply.user_expressions.value : reply) as unknown as Value;
  if (value.status !== 'ok') {
    throw new PythonError(value.ename ?? 'Interrupted', value.evalue ?? '');
  }
  return value.data?.['application/json'];
}
