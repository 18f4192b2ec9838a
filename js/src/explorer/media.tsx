import { useEffect, useRef, useState } from 'preact/hooks';

import type { MediaAnswer } from '../contract';
import { useApp } from './app';
import { Alerts } from './parts/alert';
import { Icon } from './parts/icons';
import { tie } from './playing';
import { Problem } from './wire';
import { clock } from './words';

/** The open recording, its position and the timeline's cursor tied to each other. */
export function MediaPanel() {
  const { state, wire, troubles } = useApp();
  const recording = state.recording.value;
  const scope = state.opened.value?.scope;
  const player = useRef<HTMLVideoElement>(null);
  // The link stands in the player alone: what is kept here is the answer without it.
  const [about, setAbout] = useState<Omit<MediaAnswer, 'url'> | null>(null);
  const [turn, setTurn] = useState(0);
  const opened = useRef<number | null>(null);

  useEffect(() => {
    setAbout(null);
    troubles.clear('player');
    if (!recording || !scope) {
      return;
    }
    const own = new AbortController();
    // The pointer moves on while the link is asked for.
    const cursor = state.cursor.peek();
    opened.current = cursor?.from === 'timeline' ? cursor.onset_sec : null;
    wire.ask('media', { scope, recording }, { signal: own.signal }).then(
      ({ result: { url, ...rest } }) => {
        setAbout(rest);
        if (player.current) {
          player.current.src = url;
        }
      },
      error => troubles.tell(error, 'player', () => setTurn(turn + 1)),
    );
    return () => {
      own.abort();
      forget(player.current);
    };
  }, [recording, scope, turn]);

  useEffect(() => {
    const start = about?.start_sec ?? null;
    if (player.current && start !== null) {
      const ended = new AbortController();
      tie(player.current, start, opened.current, state, ended.signal);
      return () => ended.abort();
    }
  }, [about]);

  if (!recording) {
    return null;
  }
  const close = () => {
    forget(player.current);
    state.recording.value = null;
  };
  const length = about?.duration_sec ?? null;
  return (
    <section class="hs-Player" aria-label="Player" data-kind={about?.kind ?? 'video'}>
      <header>
        <Icon name="play" />
        <strong>{recording}</strong>
        <span class="hs-quiet">
          {about?.start_sec != null && `begins at ${clock(about.start_sec)}`}
          {length !== null && `, ${clock(length)} long`}
        </span>
        <button
          type="button"
          class="hs-IconButton"
          aria-label="Close player"
          title="Close"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <Alerts places={['player']} />
      {/* biome-ignore lint/a11y/useMediaCaption: recordings of sessions have no captions */}
      <video
        ref={player}
        class="hs-Player-media"
        aria-label={`Recording ${recording}`}
        controls
        autoplay
        playsInline
        disableRemotePlayback
        preload="metadata"
        onError={event =>
          event.currentTarget.getAttribute('src') &&
          troubles.tell(new Problem(UNPLAYABLE, 'network', 'player'), 'player', () =>
            setTurn(turn + 1),
          )
        }
      />
    </section>
  );
}

const UNPLAYABLE =
  'The recording cannot be played: its link may have ended, or the browser lacks its format.';

/** Leave no link in the page. */
function forget(player: HTMLVideoElement | null): void {
  if (player?.hasAttribute('src')) {
    player.pause();
    player.removeAttribute('src');
    player.load();
  }
}
