import type { RefObject } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { ScopeState } from '../../contract';
import { useApp } from '../app';
import { Icon, type IconName } from '../parts/icons';
import { useRows } from '../parts/rows';
import { count, counted } from '../words';
import { keyOf } from './items';
import { type Item, type Line, lineCalled, step } from './tree';

const LINE_PX = 42;
/** Typing within this time is one word. */
const WORD_MS = 600;

interface Props {
  box: RefObject<HTMLDivElement | null>;
  open(scope: ScopeState): void;
}

/** The tree 'Scopes', of which only the lines in view are drawn; the focus stays on the tree itself. */
export function ScopeTree({ box, open }: Props) {
  const { scopes, state } = useApp();
  const id = useId();
  const lines = scopes.lines.value;
  const [activeKey, setActiveKey] = useState('');
  const rows = useRows(lines.length, LINE_PX);
  const typed = useRef({ text: '', at: Number.NEGATIVE_INFINITY });

  const found = lines.findIndex(one => one.item.key === activeKey);
  const active = Math.max(found, 0);
  const openKey = state.scope.value ? keyOf(state.scope.value) : '';
  const wishKey = state.opening.value ? keyOf(state.opening.value) : '';

  useLayoutEffect(() => {
    box.current = rows.box.current;
  }, []);

  const activate = (index: number) => {
    setActiveKey(lines[index]?.item.key ?? '');
    rows.reveal(index);
  };
  const choose = ({ item, expanded }: Line) => {
    if (item.kind === 'group' || (item.kind === 'experiment' && !expanded && item.opens)) {
      scopes.toggle(item);
    }
    if (item.scope) {
      open(item.scope);
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const line = lines[active];
    const next = step(lines, active, event.key, rows.page);
    const typing = event.timeStamp - typed.current.at < WORD_MS;
    if (next && 'toggle' in next) {
      scopes.toggle(line?.item as Item);
    } else if (next) {
      activate(next.to);
    } else if (line && (event.key === 'Enter' || (event.key === ' ' && !typing))) {
      choose(line);
    } else if (event.key.length === 1) {
      const text = typing ? typed.current.text + event.key : event.key;
      typed.current = { text, at: event.timeStamp };
      activate(lineCalled(lines, active, text));
    } else {
      return;
    }
    if (event.key.length > 1) {
      typed.current = { text: '', at: Number.NEGATIVE_INFINITY };
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={rows.box}
      class="hs-Tree"
      role="tree"
      aria-label="Scopes"
      aria-activedescendant={lines[active] ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={keyDown}
    >
      <div class="hs-Rows" role="none" style={{ height: `${rows.height}px` }}>
        <div class="hs-Rows-layer" role="none" style={{ height: `${rows.layerHeight}px` }}>
          {lines.slice(rows.first, rows.end).map((line, offset) => {
            const index = rows.first + offset;
            const own = line.item.scope ? keyOf(line.item.scope) : '';
            return (
              <TreeLine
                key={line.item.key}
                id={`${id}-${index}`}
                line={line}
                y={rows.y(index)}
                active={index === active}
                chosen={own !== '' && own === openKey}
                wished={own !== '' && own === wishKey}
                choose={() => {
                  setActiveKey(line.item.key);
                  choose(line);
                }}
                toggle={() => {
                  setActiveKey(line.item.key);
                  scopes.toggle(line.item);
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const ICONS: Partial<Record<Item['kind'], IconName>> = {
  experiment: 'study',
  room: 'room',
  participant: 'person',
  group: 'recent',
};

interface LineProps {
  id: string;
  line: Line;
  y: number;
  active: boolean;
  chosen: boolean;
  wished: boolean;
  choose(): void;
  toggle(): void;
}

function TreeLine({ id, line, y, active, chosen, wished, choose, toggle }: LineProps) {
  const { item, level, position, siblings, expanded } = line;
  const icon = ICONS[item.kind];
  return (
    <div
      id={id}
      class="hs-Line"
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={expanded ?? undefined}
      aria-selected={chosen}
      aria-busy={wished}
      data-kind={item.kind}
      data-active={active}
      style={{ transform: `translateY(${y}px)`, '--hs-level': level }}
      onClick={choose}
    >
      <span
        class="hs-Line-twist"
        aria-hidden="true"
        onClick={event => {
          event.stopPropagation();
          toggle();
        }}
      >
        {expanded !== null && <Icon name={expanded ? 'down' : 'right'} />}
      </span>
      {icon && (
        <span class="hs-Line-kind">
          <Icon name={icon} />
        </span>
      )}
      <span class="hs-Line-text">
        <span class="hs-Line-name" title={item.name}>
          {item.name}
        </span>
        {item.running && <span class="hs-Badge hs-Badge-live">live</span>}
        {item.stored && <Mark icon="stored" word="stored" title={STORED} />}
        {item.recent && !item.stored && <Mark icon="recent" word="recent" title={RECENT} />}
        {item.lasted && (
          <span class="hs-Line-aside" title="Duration">
            {item.lasted}
          </span>
        )}
      </span>
      {(item.detail || item.people !== null) && (
        <span class="hs-Line-text hs-Line-more">
          <span class="hs-Line-name" title={item.detail}>
            {item.detail}
          </span>
          {item.people !== null && (
            <span class="hs-Line-aside" title={counted(item.people, 'participant')}>
              {count(item.people)}
              <Icon name="person" />
              <span class="hs-hidden">{item.people === 1 ? 'participant' : 'participants'}</span>
            </span>
          )}
        </span>
      )}
    </div>
  );
}

const STORED = 'Kept on this machine: opens without a request';
const RECENT = 'Looked at here lately';

function Mark({ icon, word, title }: { icon: IconName; word: string; title: string }) {
  return (
    <span class="hs-Line-mark" title={title}>
      <Icon name={icon} />
      <span class="hs-hidden">{word}</span>
    </span>
  );
}
