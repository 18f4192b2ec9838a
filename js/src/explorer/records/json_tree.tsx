import { useState } from 'preact/hooks';

import { count } from '../words';

/** Members shown at once; more come when they are asked for. */
const MEMBERS = 100;
/** Levels that are open at first. */
const OPEN_LEVELS = 2;

interface Props {
  value: unknown;
  name?: string;
  level?: number;
}

/** A nested value, to expand level by level. */
export function JsonTree({ value, name, level = 0 }: Props) {
  const [open, setOpen] = useState(level < OPEN_LEVELS);
  const [shown, setShown] = useState(MEMBERS);
  const label = name !== undefined && <span class="hs-Json-name">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="hs-Json-leaf">
        {label}
        <span data-kind={value === null ? 'null' : typeof value}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const members = Object.entries(value);
  const size = Array.isArray(value) ? `[${count(members.length)}]` : `{${count(members.length)}}`;
  return (
    <details class="hs-Json" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span class="hs-quiet">{size}</span>
      </summary>
      {open &&
        members
          .slice(0, shown)
          .map(([key, one]) => <JsonTree key={key} name={key} value={one} level={level + 1} />)}
      {open && members.length > shown && (
        <button type="button" class="hs-Link" onClick={() => setShown(shown + MEMBERS)}>
          {count(members.length - shown)} more
        </button>
      )}
    </details>
  );
}
