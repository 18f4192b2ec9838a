import type { PlaceState } from '../../contract';
import { Checklist } from '../parts/checklist';
import { Popover } from '../parts/popover';
import { NOTHING_HIDDEN } from '../state';
import { lasting } from './clock';
import { ZOOM } from './keys';
import { length, same } from './span';
import { stretch } from './spoken';
import type { Timeline, Tools } from './timeline';

type Hidden = PlaceState['hidden'];

interface Props {
  readonly timeline: Timeline;
  readonly tools: Tools;
}

/** What is shown, and the window: above the chart. */
export function Bar({ timeline, tools }: Props) {
  if (!timeline.frame.value) {
    return null;
  }
  return (
    <div class="hs-Timeline-bar">
      <Legend timeline={timeline} tools={tools} />
      <Shown timeline={timeline} tools={tools} />
      <Zoom timeline={timeline} />
    </div>
  );
}

/** The participants in their colours; a click hides one, another shows them again. */
function Legend({ timeline, tools }: Props) {
  const frame = timeline.frame.value;
  const hidden = tools.state.place.value.hidden;
  const colors = Object.entries(frame?.about.colors ?? {});
  if (!frame || !colors.length || frame.about.overlay) {
    return null;
  }
  return (
    <ul class="hs-Legend" aria-label="Participants">
      {colors.map(([name, color]) => {
        const isHidden = hidden.participants.includes(name);
        return (
          <li key={name}>
            <button
              type="button"
              class="hs-Legend-one"
              aria-pressed={!isHidden}
              title={isHidden ? `Show ${name}` : `Hide ${name}`}
              onClick={() =>
                timeline.hide({
                  participants: isHidden
                    ? hidden.participants.filter(one => one !== name)
                    : [...hidden.participants, name],
                })
              }
            >
              <span class="hs-Legend-color" style={{ background: color }} />
              <span>{name}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const KINDS = ['rows', 'participants', 'scales', 'categories'] as const;

/** Choose rows, participants, scales and categories to show. */
function Shown({ timeline, tools }: Props) {
  const frame = timeline.frame.value;
  if (!frame) {
    return null;
  }
  const { choices } = frame.answer;
  const hidden = { ...NOTHING_HIDDEN, ...tools.state.place.value.hidden };
  const kinds = KINDS.filter(kind => choices[kind].length > 1 || hidden[kind].length > 0);
  const count = KINDS.reduce((sum, kind) => sum + hidden[kind].length, 0);
  return (
    <Popover label="Show" value={count ? `${count} hidden` : 'all'} disabled={!kinds.length}>
      <div class="hs-Shown">
        {kinds.map(kind => (
          <section key={kind}>
            <h3>{kind}</h3>
            <Choose
              kind={kind}
              names={choices[kind]}
              words={kind === 'rows' ? frame.about.words : {}}
              hidden={hidden[kind]}
              change={left => timeline.hide({ [kind]: left } as Partial<Hidden>)}
            />
          </section>
        ))}
      </div>
    </Popover>
  );
}

interface ChooseProps {
  readonly kind: string;
  readonly names: readonly string[];
  readonly words: Readonly<Record<string, string>>;
  readonly hidden: readonly string[];
  change(hidden: readonly string[]): void;
}

function Choose({ kind, names, words, hidden, change }: ChooseProps) {
  const say = (name: string) => (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
  const shown = names.filter(name => !hidden.includes(name));
  return (
    <Checklist
      kind={kind}
      choices={names.map(say)}
      chosen={shown.length === names.length ? null : shown.map(say)}
      change={chosen => change(chosen ? names.filter(name => !chosen.includes(say(name))) : [])}
    />
  );
}

/** The window in words, and its buttons. */
function Zoom({ timeline }: { timeline: Timeline }) {
  const window = timeline.window.value;
  const domain = timeline.domain.value;
  const isAll = same(window, domain);
  return (
    <div class="hs-Zoom">
      <span class="hs-Zoom-window" title="What is shown">
        {stretch(window, window)} <span class="hs-quiet">({lasting(length(window))})</span>
      </span>
      <button
        type="button"
        class="hs-IconButton"
        aria-label="Zoom in"
        title="Zoom in (Ctrl + wheel, +)"
        onClick={() => timeline.zoom(1 / ZOOM)}
      >
        <Glyph path="M8 3.5v9M3.5 8h9" />
      </button>
      <button
        type="button"
        class="hs-IconButton"
        aria-label="Zoom out"
        title="Zoom out (Ctrl + wheel, -)"
        disabled={isAll}
        onClick={() => timeline.zoom(ZOOM)}
      >
        <Glyph path="M3.5 8h9" />
      </button>
      <button
        type="button"
        class="hs-IconButton"
        aria-label="Reset zoom"
        title="Show everything (0)"
        disabled={isAll}
        onClick={() => timeline.showAll()}
      >
        <Glyph path="M2.5 3v10M13.5 3v10M5 8h6M6.8 6 4.8 8l2 2M9.2 6l2 2-2 2" />
      </button>
    </div>
  );
}

const Glyph = ({ path }: { path: string }) => (
  <svg class="hs-Icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={path} />
  </svg>
);
