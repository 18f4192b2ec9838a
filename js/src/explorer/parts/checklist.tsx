import { useState } from 'preact/hooks';

interface Props {
  /** What the choices are, in the plural: `participants`. */
  kind: string;
  choices: readonly string[];
  /** Null: all. */
  chosen: readonly string[] | null;
  change(chosen: readonly string[] | null): void;
}

const SEARCH_FROM = 10;

/** Choose some of many by name; all of them is null, so that later ones belong to it too. */
export function Checklist({ kind, choices, chosen, change }: Props) {
  const [text, setText] = useState('');
  const on = new Set(chosen ?? choices);
  const shown = choices.filter(one => one.toLowerCase().includes(text.trim().toLowerCase()));
  const toggle = (one: string) => {
    const next = choices.filter(each => (each === one ? !on.has(one) : on.has(each)));
    change(next.length === choices.length ? null : next);
  };
  return (
    <fieldset class="hs-Checklist">
      <legend class="hs-hidden">{kind}</legend>
      {choices.length > SEARCH_FROM && (
        <input
          type="search"
          class="hs-Input"
          placeholder={`Find ${kind}`}
          aria-label={`Find ${kind}`}
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
      )}
      <div class="hs-Checklist-all">
        <button type="button" class="hs-Link" onClick={() => change(null)}>
          All
        </button>
        <button type="button" class="hs-Link" onClick={() => change([])}>
          None
        </button>
      </div>
      <ul>
        {shown.map(one => (
          <li key={one}>
            <label class="hs-Check">
              <input type="checkbox" checked={on.has(one)} onChange={() => toggle(one)} />
              <span>{one}</span>
            </label>
          </li>
        ))}
      </ul>
      {!shown.length && <p class="hs-quiet">None is called so.</p>}
    </fieldset>
  );
}

/** How a choice is said on its button. */
export const chosenText = (choices: readonly string[], chosen: readonly string[] | null): string =>
  chosen === null
    ? 'all'
    : chosen.length === 1
      ? String(chosen[0])
      : `${chosen.length} of ${choices.length}`;
