/** Onsets as people read them, and ticks at round times; the twin of `hs_jupyter/timeline/clock.py`. */
import type { Span } from './span';

const STEPS_SEC = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 14400, 21600, 43200, 86400,
];
const DAY_SEC = 86400;

/** The smallest round step that gives at most so many ticks. */
export function tickStep(lengthSec: number, atMost: number): number {
  const wanted = lengthSec / Math.max(atMost, 1);
  return STEPS_SEC.find(step => step >= wanted) ?? DAY_SEC * Math.ceil(wanted / DAY_SEC);
}

/** Round onsets within a closed window. */
export function ticks([start, end]: Span, step: number): number[] {
  const first = Math.ceil(start / step);
  const count = Math.max(0, Math.floor(end / step) - first + 1);
  return Array.from({ length: count }, (_, at) => Math.round((first + at) * step * 1e6) / 1e6);
}

/** Decimals of a second that tell apart what lies so many seconds apart. */
export const decimalsOf = (stepSec: number): number =>
  stepSec >= 1 ? 0 : stepSec >= 0.1 ? 1 : stepSec >= 0.01 ? 2 : 3;

/** An onset as `m:ss`, `-m:ss` before the start; rounded before it is split, so never `0:60`. */
export function clock(sec: number, decimals = 0): string {
  const unit = 10 ** decimals;
  const whole = Math.round(Math.abs(sec) * unit);
  const seconds = (whole / unit) % 60;
  const minutes = Math.floor(whole / unit / 60);
  const digits = seconds.toFixed(decimals).padStart(decimals ? 3 + decimals : 2, '0');
  return `${sec < 0 && whole ? '-' : ''}${minutes}:${digits}`;
}

/** How long something is: `350 ms`, `12.4 s`, `3:05 min`. */
export function lasting(sec: number): string {
  if (sec < 1) {
    return `${Math.round(sec * 1000)} ms`;
  }
  return sec < 60 ? `${Math.round(sec * 10) / 10} s` : `${clock(sec)} min`;
}
