/** A player's position and the timeline's cursor, tied to each other. */
import { effect } from '@preact/signals';

import type { State } from './state';

/** What the player says of itself after it went where the cursor is; it need not be told back. */
const SAME_SEC = 0.05;

type Tied = Pick<State, 'cursor' | 'playing'>;

/**
 * Tie a player to the cursor until the signal ends. It begins where it was opened, as soon as its length is known.
 *
 * @param startSec - the onset of the recording's beginning
 * @param openedSec - the onset at which it was opened; null is its beginning
 */
export function tie(
  player: HTMLMediaElement,
  startSec: number,
  openedSec: number | null,
  { cursor, playing }: Tied,
  signal: AbortSignal,
): void {
  let frame = 0;
  const point = () => {
    const onset_sec = startSec + player.currentTime;
    const now = cursor.peek();
    if (now?.from !== 'timeline' || Math.abs(now.onset_sec - onset_sec) > SAME_SEC) {
      cursor.value = { onset_sec, from: 'player' };
    }
  };
  const run = () => {
    point();
    frame = requestAnimationFrame(run);
  };
  const play = () => {
    cancelAnimationFrame(frame);
    playing.value = true;
    run();
  };
  const rest = () => {
    cancelAnimationFrame(frame);
    playing.value = false;
  };
  const go = (onset_sec: number) => {
    const at = onset_sec - startSec;
    if (at >= 0 && at <= player.duration) {
      player.currentTime = at;
    }
  };
  const stop = effect(() => {
    const now = cursor.value;
    if (now?.from === 'timeline') {
      go(now.onset_sec);
    }
  });
  const begin = () => openedSec !== null && go(openedSec);
  if (player.readyState >= player.HAVE_METADATA) {
    begin();
  } else {
    player.addEventListener('loadedmetadata', begin, { signal, once: true });
  }
  player.addEventListener('play', play, { signal });
  player.addEventListener('pause', rest, { signal });
  player.addEventListener('ended', rest, { signal });
  player.addEventListener('seeked', () => player.paused && point(), { signal });
  signal.addEventListener('abort', () => {
    stop();
    rest();
  });
}
