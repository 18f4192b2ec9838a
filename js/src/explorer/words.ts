/** Numbers and times in words, the same everywhere. */

const COUNT = new Intl.NumberFormat('en-US');

/** A number of things: `255,896`. */
export const count = (number: number): string => COUNT.format(number);

/** A number of things with their name: `1 room`, `12 rooms`. */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** A number of things where room is short: `256k`, `1.2M`. */
export function brief(number: number): string {
  const [size, letter] = number >= 999_500 ? [1e6, 'M'] : [1e3, 'k'];
  if (number < 1_000) {
    return String(number);
  }
  const share = number / size;
  return `${share < 9.95 ? share.toFixed(1).replace(/\.0$/, '') : Math.round(share)}${letter}`;
}

/** How long, as people say it: `42 s`, `3 min`, `2 h`. */
export function lasting(sec: number): string {
  if (sec < 90) {
    return `${Math.max(1, Math.ceil(sec))} s`;
  }
  return sec < 5_400 ? `${Math.round(sec / 60)} min` : `${Math.round(sec / 3600)} h`;
}

/** A length as a clock shows it: `12:31`, `1:02:03`. */
export function clock(sec: number): string {
  const whole = Math.round(Math.abs(sec));
  const [hours, minutes, seconds] = [whole / 3600, (whole / 60) % 60, whole % 60].map(Math.floor);
  const two = (number = 0) => String(number).padStart(2, '0');
  const sign = sec < 0 && whole ? '-' : '';
  return `${sign}${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}`;
}

/** An instant in UTC to the minute: `2026-03-02 15:04`. */
export const minute = (ms: number): string => iso(ms).slice(0, 16).replace('T', ' ');

/** An instant in UTC to the millisecond: `2026-03-02 15:04:21.250`. */
export const instant = (ms: number): string => iso(ms).slice(0, 23).replace('T', ' ');

/** An instant as files and code spell it: `2026-03-02T15:04:21.250Z`. */
export function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.valueOf()) ? '' : date.toISOString();
}

/** An onset exactly, so that it can be typed again: `1:30.25`, `-0:05`. */
export function onsetText(sec: number): string {
  const ms = Math.round(Math.abs(sec) * 1000);
  const seconds = (ms % 60_000) / 1000;
  const [whole] = clock(Math.floor(ms / 1000)).split(/:\d+$/);
  return `${sec < 0 && ms ? '-' : ''}${whole}:${seconds < 10 ? '0' : ''}${seconds}`;
}
