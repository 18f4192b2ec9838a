import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { PushAnswer } from '../contract';
import { useApp } from './app';
import { Alerts } from './parts/alert';
import { copy } from './parts/copying';
import { Icon } from './parts/icons';
import { handCode, takesCode } from './parts/inserting';

/** The name that a first push suggests. */
const SUGGESTED = 'selected';

/** Hold the selection as a notebook variable, or have the code that does. */
export function PushBar() {
  const { state, wire, records, troubles, said } = useApp();
  const [name, setName] = useState(SUGGESTED);
  const [single, setSingle] = useState(false);
  const [kind, setKind] = useState<'magic' | 'python'>('magic');
  const [taken, setTaken] = useState<PushAnswer | null>(null);
  const [pushing, setPushing] = useState(false);
  const [done, setDone] = useState('');
  const [inserts, setInserts] = useState(false);
  const root = useRef<HTMLElement>(null);

  const scope = state.opened.value?.scope;
  const selection = state.selection.value;
  const open = records.table.value;
  const table = single ? (open?.table ?? null) : null;
  // What a refusal was about is no longer what would be replaced.
  useEffect(() => setTaken(null), [scope, selection, name, table]);
  useLayoutEffect(() => setInserts(takesCode(root.current)), []);

  const say = (sentence: string) => {
    setDone(sentence);
    said.value = sentence;
  };
  const push = async (yes = false) => {
    if (!scope || pushing) {
      return;
    }
    setPushing(true);
    troubles.clear('push');
    try {
      const question = { scope, selection, name: name.trim(), table, yes };
      const replace = taken?.replace ?? '';
      const { result } = await wire.ask('push', { ...question, replace });
      setTaken(result.pushed ? null : result);
      say(result.pushed ? result.sentence : '');
    } catch (error) {
      troubles.tell(error, 'push', go => void push(go));
    } finally {
      setPushing(false);
    }
  };
  /** Take the code to somewhere, and say where it is. */
  const withCode = async (take: (code: Promise<string>) => Promise<string>) => {
    if (!scope) {
      return;
    }
    try {
      const question = { scope, selection, kind, table, name: name.trim() };
      say(await take(wire.ask('code', question).then(({ result }) => result.text)));
    } catch (error) {
      troubles.tell(error, 'push', () => void withCode(take));
    }
  };
  const copyCode = async (code: Promise<string>) => {
    await copy(code);
    return 'The code is copied: paste it in a cell.';
  };
  const insertCode = async (code: Promise<string>) => {
    const text = await code;
    if (!root.current || !handCode(root.current, text)) {
      throw new Error('no notebook took the code');
    }
    return 'The code stands in the notebook: run it there.';
  };

  return (
    <section class="hs-Push" aria-label="Push" ref={root}>
      <form
        class="hs-Bar"
        onSubmit={event => {
          event.preventDefault();
          void push();
        }}
      >
        <label class="hs-Push-name">
          <span class="hs-hidden">Variable name</span>
          <input
            type="text"
            class="hs-Input hs-Input-code"
            size={14}
            placeholder="variable name"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            value={name}
            onInput={event => setName(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class="hs-Button hs-Button-main"
          disabled={!scope || !name.trim()}
          aria-busy={pushing}
        >
          Push to notebook
        </button>
        <label class="hs-Check">
          <input
            type="checkbox"
            checked={single}
            disabled={!open?.readable}
            onChange={event => setSingle(event.currentTarget.checked)}
          />
          <span>This table only</span>
        </label>
        <span class="hs-Bar-space" />
        <span class="hs-Group">
          <select
            class="hs-Select"
            aria-label="Code as"
            value={kind}
            onChange={event => setKind(event.currentTarget.value as 'magic' | 'python')}
          >
            <option value="magic">%hs</option>
            <option value="python">Python</option>
          </select>
          {inserts && (
            <button
              type="button"
              class="hs-Button"
              disabled={!scope}
              onClick={() => void withCode(insertCode)}
            >
              <Icon name="insert" />
              Insert code
            </button>
          )}
          <button
            type="button"
            class="hs-Button"
            disabled={!scope}
            onClick={() => void withCode(copyCode)}
          >
            <Icon name="copy" />
            Copy code
          </button>
        </span>
      </form>
      {taken && (
        <p class="hs-Alert" role="alert" data-reason="taken">
          <Icon name="warning" />
          {taken.sentence}
        </p>
      )}
      {done && done === said.value && (
        // the status, which may be far below, says the same to a screen reader
        <p class="hs-Push-done" aria-hidden="true">
          <Icon name="check" />
          {done}
        </p>
      )}
      <Alerts places={['push']} />
    </section>
  );
}
