import { useEffect, useId, useRef, useState } from 'preact/hooks';

import type { ScopeState } from '../contract';
import { useApp } from './app';
import { isCancelled, Problem } from './wire';
import { onsetText } from './words';

type Edge = 'from' | 'to';

const NAMES: Record<Edge, string> = { from: 'From', to: 'To' };

/** 'From' and 'To': the window as text. The kernel reads it, so that it means what `--from` means. */
export function Bounds() {
  const { state, wire } = useApp();
  const id = useId();
  const { window } = state.selection.value;
  const [texts, setTexts] = useState({ from: '', to: '' });
  const [wrong, setWrong] = useState<{ edge: Edge; sentence: string } | null>(null);
  const reading = useRef(new AbortController());
  /** What a person types into meanwhile is theirs. */
  const typing = useRef({ from: false, to: false });
  const pair = useRef<HTMLDivElement>(null);

  const [start, end] = window ?? [null, null];
  const shown = (sec: number | null) => (sec === null ? '' : onsetText(sec));
  const show = (lower: number | null, upper: number | null) => {
    const { from, to } = typing.current;
    setTexts(now => ({ from: from ? now.from : shown(lower), to: to ? now.to : shown(upper) }));
  };
  useEffect(() => {
    reading.current.abort();
    show(start, end);
    setWrong(null);
  }, [start, end]);
  useEffect(() => () => reading.current.abort(), []);

  /** Seconds of what stands in a textbox; where nothing stands, the end of all there is, if known. */
  const read = async (scope: ScopeState, edge: Edge, signal: AbortSignal) => {
    const text = texts[edge].trim();
    const now = edge === 'from' ? start : end;
    if (!text) {
      return state.drawn.value?.domain[edge === 'from' ? 0 : 1] ?? null;
    }
    if (text === shown(now)) {
      return now;
    }
    try {
      return (await wire.ask('bound', { scope, text, edge }, { signal })).result.onset_sec;
    } catch (error) {
      if (!isCancelled(error)) {
        setWrong({ edge, sentence: error instanceof Problem ? error.sentence : String(error) });
      }
      throw error;
    }
  };

  const commit = async () => {
    const scope = state.opened.peek()?.scope;
    const from = texts.from.trim();
    const to = texts.to.trim();
    if (!scope || (from === shown(start) && to === shown(end))) {
      return;
    }
    reading.current.abort();
    reading.current = new AbortController();
    const { signal } = reading.current;
    typing.current = { from: false, to: false };
    if (!from && !to) {
      state.select({ window: null });
      return;
    }
    try {
      const lower = await read(scope, 'from', signal);
      const upper = await read(scope, 'to', signal);
      if (lower === null || upper === null) {
        return; // the other bound is still to come
      }
      if (lower > upper) {
        const sentence = `To ${onsetText(upper)} lies before From ${onsetText(lower)}.`;
        setWrong({ edge: 'to', sentence });
        return;
      }
      setWrong(null);
      show(lower, upper);
      state.select({ window: [lower, upper] });
    } catch {
      // Said beside the textbox already.
    }
  };

  return (
    <div class="hs-Bounds" ref={pair}>
      {(['from', 'to'] as const).map(edge => (
        <label key={edge} class="hs-Bound">
          <span>{NAMES[edge]}</span>
          <input
            type="text"
            class="hs-Input"
            size={9}
            placeholder={edge === 'from' ? 'start' : 'end'}
            title="90s, -5s, 500ms, 2m, 1:30, 1:02:03, or an instant like 2026-03-02T15:04:00Z"
            spellcheck={false}
            autocomplete="off"
            aria-invalid={wrong?.edge === edge}
            aria-describedby={wrong?.edge === edge ? id : undefined}
            value={texts[edge]}
            onInput={event => {
              typing.current[edge] = true;
              setTexts({ ...texts, [edge]: event.currentTarget.value });
            }}
            onBlur={event => {
              // On the way to the other bound, the window is not said yet.
              if (!pair.current?.contains(event.relatedTarget as Node | null)) {
                void commit();
              }
            }}
            onKeyDown={event => event.key === 'Enter' && void commit()}
          />
        </label>
      ))}
      {wrong && (
        <p id={id} class="hs-Wrong" role="alert">
          {wrong.sentence}
        </p>
      )}
    </div>
  );
}
