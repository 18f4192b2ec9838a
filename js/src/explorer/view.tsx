import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { useApp } from './app';
import { MediaPanel } from './media';
import { Alerts } from './parts/alert';
import { Icon, type IconName } from './parts/icons';
import { PushBar } from './push';
import { DataTypes } from './records/tabs';
import { ScopePicker } from './scopes/picker';
import { SelectionBar } from './selection';
import { StatusBar } from './status';
import { mountTimeline } from './timeline';

/** Everything, in its place. The stylesheet lays it out by the width of the explorer itself. */
export function View() {
  const { state } = useApp();
  // In a narrow explorer the picker gives way to what was picked.
  const [picking, setPicking] = useState(state.scope.peek() === null);
  const opened = state.opened.value;
  const pick = useRef<HTMLButtonElement>(null);
  const picked = useRef(false);
  const chosen = () => {
    picked.current = true;
    setPicking(false);
  };
  const hasScope = state.scope.value !== null;
  useEffect(() => {
    if (!picking && hasScope && picked.current) {
      picked.current = false;
      // The picker that had the focus has given way, where there is room for one thing only.
      pick.current?.checkVisibility() && pick.current.focus();
    }
  }, [picking, hasScope, opened]);
  const isOpening = state.opening.value !== null || (state.scope.value !== null && !opened);
  return (
    <div class="hs-Frame" data-picking={picking || !state.scope.value}>
      <Header picking={picking} pick={() => setPicking(!picking)} button={pick} />
      <Alerts places={['connection', 'live']} />
      <aside class="hs-Side" aria-label="Scope">
        <ScopePicker chosen={chosen} />
      </aside>
      <div class="hs-Main" aria-busy={isOpening}>
        {/* What is done with a selection stands above what is selected in: in sight, however many rows. */}
        {opened && (
          <div class="hs-Controls">
            <SelectionBar />
            <PushBar />
          </div>
        )}
        <TimelineFigure shown={opened !== null} />
        {opened ? (
          <>
            <MediaPanel />
            <DataTypes />
          </>
        ) : (
          <Welcome opening={isOpening} />
        )}
      </div>
      <StatusBar />
    </div>
  );
}

const ICONS: Record<string, IconName> = {
  experiment: 'study',
  room: 'room',
  participant: 'person',
};

interface HeaderProps {
  picking: boolean;
  pick(): void;
  button: RefObject<HTMLButtonElement | null>;
}

function Header({ picking, pick, button }: HeaderProps) {
  const { state, live } = useApp();
  const opened = state.opened.value;
  const following = live.following.value;
  return (
    <header class="hs-Header">
      {state.scope.value && (
        <button
          ref={button}
          type="button"
          class="hs-Button hs-Header-pick"
          aria-expanded={picking}
          onClick={pick}
        >
          <Icon name="scopes" />
          Scopes
        </button>
      )}
      <h2 class="hs-Header-title" title={opened?.title}>
        {opened && <Icon name={ICONS[opened.scope.kind] ?? 'room'} />}
        <span>{opened?.title ?? 'HyperStudy'}</span>
      </h2>
      {opened?.running && (
        <button
          type="button"
          class="hs-Button"
          aria-pressed={following}
          onClick={() => {
            live.following.value = !following;
          }}
        >
          <span class="hs-Badge hs-Badge-live">live</span>
          {following ? 'Following' : 'Follow'}
        </button>
      )}
    </header>
  );
}

/** The figure 'Timeline': its inside belongs to the timeline. */
function TimelineFigure({ shown }: { shown: boolean }) {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current) {
      mountTimeline(host.current, app);
    }
  }, []);
  return (
    <>
      <Alerts places={['timeline']} />
      {/* biome-ignore lint/a11y/noRedundantRoles: the name and role are relied on from outside */}
      <figure class="hs-Timeline" role="figure" aria-label="Timeline" hidden={!shown}>
        <div ref={host} />
      </figure>
    </>
  );
}

function Welcome({ opening }: { opening: boolean }) {
  const { hello, scopes } = useApp();
  if (opening) {
    return <div class="hs-Empty hs-Empty-waiting" aria-hidden="true" />;
  }
  const isConnected = hello.value?.connected ?? true;
  return (
    <div class="hs-Empty">
      <Icon name={isConnected ? 'room' : 'lock'} />
      <p>
        <strong>{isConnected ? 'No scope is open.' : 'Not connected.'}</strong>
      </p>
      <p class="hs-quiet">
        {isConnected ? (scopes.lines.value.length ? CHOOSE : TYPE) : hello.value?.connection}
      </p>
    </div>
  );
}

const CHOOSE =
  'Choose a room to see its ratings, sync and events on one time axis; an experiment shows its rooms over each other.';
const TYPE = 'Type a name or paste an ID in the search box.';
