/** The few pictures of the explorer, drawn in the colour of the text around them. */
const PATHS = {
  right: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5 12.5 10',
  close: 'm4 4 8 8m0-8-8 8',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2L14 14',
  lock: 'M4.5 7.5h7v6h-7zm1.5 0V5a2 2 0 0 1 4 0v2.5',
  stored:
    'M2.5 4.5c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2Zm0 0v7c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2v-7m-11 3.5c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  recent: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.2l2.2 1.3',
  study: 'M2.5 13.5v-11h5v3h6v8Z',
  room: 'M3 13.5v-11h7v11m0-9h3v9M2 13.5h12M7.6 8h.1',
  person: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8Zm-5 5.5c.4-2.6 2.4-3.8 5-3.8s4.6 1.2 5 3.8',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  insert: 'M2.5 2.5h11v4h-11zM8 8.5v5m-2.5-2.5h5',
  play: 'M5 3.2v9.6L12.5 8Z',
  check: 'm3 8.5 3.2 3.2L13 4.5',
  warning: 'M8 2.5 14 13.5H2Zm0 4v3m0 1.8v.2',
  scopes: 'M2.5 4h11m-8 4h8m-8 4h8M2.5 8h.1m-.1 4h.1',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.6h-2.6',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing to a screen reader: the words stand beside it or in the control's name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="hs-Icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
