import { signal as value } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';

import { tie } from '../../src/explorer/playing';
import type { Cursor } from '../../src/explorer/state';

let player: HTMLVideoElement;
let tied: AbortController;
const cursor = value<Cursor | null>(null);
const playing = value(false);

beforeEach(() => {
  player = document.createElement('video');
  let at = 0;
  Object.defineProperty(player, 'currentTime', {
    get: () => at,
    set: to => {
      at = to;
    },
  });
  tied = new AbortController();
  cursor.value = null;
  playing.value = false;
});

/** The recording is 60 s long, and that is known now. */
function loaded(): void {
  Object.defineProperty(player, 'duration', { value: 60 });
  Object.defineProperty(player, 'readyState', { value: 1 });
  player.dispatchEvent(new Event('loadedmetadata'));
}
const open = (opened_sec: number | null) =>
  tie(player, 100, opened_sec, { cursor, playing }, tied.signal);

test.each([
  [120, 20],
  [null, 0],
  [99, 0],
  [161, 0],
])('opened at %d s it begins %d s after its beginning', (opened, begins) => {
  open(opened);
  cursor.value = { onset_sec: 150, from: 'timeline' }; // the pointer moves on
  expect(player.currentTime).toBe(0);
  loaded();
  expect(player.currentTime).toBe(begins);
});

test('opened when its length is known, it begins there too', () => {
  loaded();
  cursor.value = { onset_sec: 150, from: 'timeline' };
  open(120);
  expect(player.currentTime).toBe(20);
});

test('it goes where the timeline points, and points where it plays', () => {
  loaded();
  open(null);
  cursor.value = { onset_sec: 130, from: 'timeline' };
  expect(player.currentTime).toBe(30);
  player.currentTime = 31;
  player.dispatchEvent(new Event('play'));
  expect(playing.value).toBe(true);
  expect(cursor.value).toEqual({ onset_sec: 131, from: 'player' });
  player.dispatchEvent(new Event('pause'));
  expect(playing.value).toBe(false);
});

test('untied, neither moves the other', () => {
  loaded();
  const cancel = vi.spyOn(window, 'cancelAnimationFrame');
  open(null);
  player.dispatchEvent(new Event('play'));
  tied.abort();
  expect(cancel).toHaveBeenCalled();
  expect(playing.value).toBe(false);
  cursor.value = { onset_sec: 140, from: 'timeline' };
  expect(player.currentTime).toBe(0);
  player.dispatchEvent(new Event('play'));
  expect(playing.value).toBe(false);
});
