import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Link, SILENCE_MS, type State } from '../../src/sidebar/link';
import { FakeKernel, FakeSession, SEEN, settled } from './fakes';

let told: State[];
let session: FakeSession;
let link: Link;

const now = () => told.at(-1);
const kernel = () => session.kernel as FakeKernel;

beforeEach(() => {
  told = [];
  session = new FakeSession();
  link = new Link(
    session.real,
    () => '{"base_url": "it\'s \\"there\\""}',
    state => told.push(state),
  );
});

/** Let the link look, and the kernel answer. */
async function shown(seen = SEEN) {
  void link.look();
  await settled();
  await kernel().next().answer(seen);
}

describe('a question to the kernel', () => {
  it('leaves no trace, and its subshell goes with the answer', async () => {
    void link.look();
    await settled();
    const { message, expression, answer } = kernel().next();
    expect(message.content).toMatchObject({ code: '', silent: true, store_history: false });
    expect(message.header.subshell_id).toBe('s1');
    expect([...kernel().subshells]).toEqual(['s1']);
    expect(expression).toBe(
      `__import__('hs_jupyter.panel', fromlist=['']).look("{\\"base_url\\": \\"it's \\\\\\"there\\\\\\"\\"}", afresh=False)`,
    );
    await answer(SEEN);
    expect(kernel().subshells.size).toBe(0);
    expect(now()).toEqual({ kind: 'shown', seen: SEEN });
  });

  it('goes to the main shell where there are no subshells', async () => {
    session.kernel = new FakeKernel('old', false);
    await shown();
    expect(kernel().subshells.size).toBe(0);
    expect(now()?.kind).toBe('shown');
  });

  it('asks a kernel of another language nothing', async () => {
    session.kernel = new FakeKernel('r', true, 'R');
    await link.look();
    expect(now()).toEqual({ kind: 'other language', language: 'R' });
    expect(kernel().asked).toEqual([]);
  });

  it.each([
    ['ModuleNotFoundError', "No module named 'hs_jupyter'", { kind: 'no package', old: false }],
    [
      'ModuleNotFoundError',
      "No module named 'hs_jupyter.panel'",
      { kind: 'no package', old: true },
    ],
    [
      'ModuleNotFoundError',
      "No module named 'anywidget'",
      { kind: 'failed', sentence: "ModuleNotFoundError: No module named 'anywidget'" },
    ],
    ['KeyError', "'x'", { kind: 'failed', sentence: "KeyError: 'x'" }],
  ])('puts %s: %s in a state', async (name, text, state) => {
    void link.look();
    await settled();
    await kernel().next().raise(name, text);
    expect(now()).toEqual(state);
    expect(kernel().subshells.size).toBe(0);
  });

  it('says that there is no key, and takes the demo study', async () => {
    await shown({ ...SEEN, model_id: null } as never);
    expect(now()?.kind).toBe('no key');
    void link.useDemo();
    await settled();
    expect(now()).toEqual({ kind: 'waiting', for: 'demo' });
    const { expression, answer } = kernel().next();
    expect(expression).toContain('use_demo(');
    await answer(SEEN);
    expect(now()?.kind).toBe('shown');
  });
});

describe('what comes too late', () => {
  it('counts no more when the kernel was exchanged meanwhile', async () => {
    void link.look();
    await settled();
    const first = kernel();
    await session.change(new FakeKernel('k2'));
    await first.next().answer(SEEN);
    expect(now()?.kind).toBe('waiting');
    await kernel()
      .next()
      .answer({ ...SEEN, model_id: 'm2' });
    expect(now()).toEqual({ kind: 'shown', seen: { ...SEEN, model_id: 'm2' } });
    expect(first.subshells.size).toBe(0);
  });

  it('is asked of nobody when the kernel goes before it is ready', async () => {
    let ready = () => {};
    session.ready = new Promise(resolve => {
      ready = resolve;
    });
    void link.look();
    const gone = kernel();
    await session.change(null);
    ready();
    await settled();
    expect(now()).toEqual({ kind: 'no kernel' });
    expect(gone.asked).toEqual([]);
  });

  it('says nothing after the end', async () => {
    void link.look();
    await settled();
    link.end();
    const before = told.length;
    await kernel().next().answer(SEEN);
    await session.becomes('restarting', 'idle');
    await session.ran();
    expect(told.length).toBe(before);
    expect(kernel().subshells.size).toBe(0);
  });
});

describe('a kernel that comes and goes', () => {
  it('is asked again after a restart, and its old answer is nothing', async () => {
    await shown();
    await session.becomes('restarting');
    expect(now()).toEqual({ kind: 'waiting', for: 'restart' });
    await session.becomes('starting');
    expect(kernel().asked).toEqual([]);
    await session.becomes('idle');
    await kernel()
      .next()
      .answer({ ...SEEN, model_id: 'm2' });
    expect(now()).toMatchObject({ kind: 'shown', seen: { model_id: 'm2' } });
  });

  it('recovers from a crash that cancels what was asked', async () => {
    void link.look();
    await settled();
    const lost = kernel().next();
    await session.becomes('autorestarting');
    await lost.lose();
    expect(now()).toEqual({ kind: 'waiting', for: 'restart' });
    await session.becomes('busy');
    await kernel().next().answer(SEEN);
    expect(now()?.kind).toBe('shown');
  });

  it('that works and rests is asked nothing', async () => {
    await shown();
    await session.becomes('busy', 'idle', 'busy', 'idle');
    expect(kernel().asked).toEqual([]);
  });

  it('is dead until somebody restarts it', async () => {
    await shown();
    await session.becomes('dead');
    expect(now()).toEqual({ kind: 'dead' });
    await session.becomes('restarting', 'idle');
    await kernel().next().answer(SEEN);
    expect(now()?.kind).toBe('shown');
  });

  it('is asked again when the line was cut while it had not answered', async () => {
    void link.look();
    await settled();
    kernel().next();
    session.connectionStatusChanged.emit('connecting');
    session.connectionStatusChanged.emit('connected');
    await settled();
    await kernel().next().answer(SEEN);
    expect(now()?.kind).toBe('shown');
  });

  describe('while it is silent', () => {
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    it.each(['busy', 'starting'] as const)('that it is %s is said', async status => {
      kernel().status = status;
      void link.look();
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
      expect(now()).toEqual({ kind: 'waiting', for: 'answer' });
      await vi.advanceTimersByTimeAsync(1);
      expect(now()).toEqual({ kind: 'waiting', for: status === 'busy' ? 'cell' : 'kernel' });
    });
  });
});

describe('after a cell', () => {
  const again = { ...SEEN, model_id: 'm2', connection: 'another' };

  it('looks again, and tells only what changed', async () => {
    await shown();
    const before = told.length;
    await session.ran();
    await kernel().next().answer(SEEN);
    expect(told.length).toBe(before);
    await session.ran();
    await kernel().next().answer(again);
    expect(told.slice(before)).toEqual([{ kind: 'shown', seen: again }]);
  });

  it('does not look after its own requests, nor after those of another window', async () => {
    await shown();
    await session.ran('hs-panel-0123');
    expect(kernel().asked).toEqual([]);
  });

  it('that ended while it was asked: looks once more', async () => {
    void link.look();
    await settled();
    await session.ran();
    await session.ran();
    await kernel()
      .next()
      .answer({ ...SEEN, model_id: null });
    await kernel().next().answer(SEEN);
    expect(now()).toEqual({ kind: 'shown', seen: SEEN });
    expect(kernel().asked).toEqual([]);
  });

  it('keeps what is shown when looking fails', async () => {
    await shown();
    await session.ran();
    await kernel().next().raise('KeyboardInterrupt', '');
    expect(now()?.kind).toBe('shown');
  });

  it('comes back by itself once the package is installed', async () => {
    void link.look();
    await settled();
    await kernel().next().raise('ModuleNotFoundError', "No module named 'hs_jupyter'");
    await session.ran();
    await kernel().next().answer(SEEN);
    expect(now()?.kind).toBe('shown');
  });

  it('waits while nobody looks, and looks once when somebody does', async () => {
    await shown();
    link.hidden = true;
    await session.ran();
    await session.ran();
    expect(kernel().asked).toEqual([]);
    link.hidden = false;
    await settled();
    await kernel().next().answer(again);
    expect(now()).toEqual({ kind: 'shown', seen: again });
    expect(kernel().asked).toEqual([]);
  });
});

describe('whatever happens in whatever order', () => {
  /** Numbers that are the same in every run. */
  function* numbers(seed: number) {
    for (let state = seed; ; ) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      yield state >>> 16;
    }
  }

  it.each(Array.from({ length: 60 }, (_, seed) => [seed]))('seed %i', async seed => {
    const draws = numbers(seed + 1);
    const draw = (most: number) => (draws.next().value as number) % most;
    const kernels = [kernel()];
    let alive: string | null = 'k1';
    let restarting = false;
    const events = [
      async () => void link.look(),
      () => session.ran(),
      async () => {
        if (session.kernel && !restarting) {
          restarting = true;
          await session.becomes('restarting');
        }
      },
      async () => {
        if (restarting) {
          restarting = false;
          await session.becomes('starting', 'idle');
        }
      },
      async () => {
        restarting = false;
        alive = draw(3) ? `k${kernels.length + 1}` : null;
        if (alive) {
          kernels.push(new FakeKernel(alive));
        }
        await session.change(alive ? (kernels.at(-1) as FakeKernel) : null);
      },
      async () => {
        const one = kernels[draw(kernels.length)];
        if (one?.asked.length) {
          const asked = one.asked.splice(draw(one.asked.length), 1)[0];
          await (draw(4) ? asked?.answer({ ...SEEN, model_id: one.id }) : asked?.lose());
        }
      },
    ];
    for (let step = 0; step < 40; step++) {
      await events[draw(events.length)]?.();
    }
    if (restarting) {
      await session.becomes('idle');
    }
    for (let open = true; open; ) {
      open = false;
      for (const one of kernels) {
        while (one.asked.length) {
          open = true;
          await one.next().answer({ ...SEEN, model_id: one.id });
        }
      }
    }
    if (now()?.kind === 'failed') {
      await session.ran();
      await kernel()
        .next()
        .answer({ ...SEEN, model_id: kernel().id });
    }
    const expected = alive ? { kind: 'shown', seen: { model_id: alive } } : { kind: 'no kernel' };
    expect(told.length ? now() : expected).toMatchObject(expected);
    expect(kernels.flatMap(one => [...one.subshells])).toEqual([]);
    link.end();
    await session.ran();
    await session.becomes('restarting', 'idle');
    expect(kernels.flatMap(one => one.asked)).toEqual([]);
  });
});
