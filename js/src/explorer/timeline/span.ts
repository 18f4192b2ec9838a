/** Spans of time: what is seen, what is marked. Arithmetic alone; all in seconds of onset. */
export type Span = readonly [start_sec: number, end_sec: number];

/** The shortest window that can be seen, in seconds. */
export const LEAST_SEC = 0.02;

/** A whole number of milliseconds, so that code names it exactly. */
export const snap = (sec: number): number => Math.round(sec * 1000) / 1000;

/** A span of whole milliseconds, in order. */
export const snapped = ([one, other]: Span): Span =>
  one <= other ? [snap(one), snap(other)] : [snap(other), snap(one)];

export const length = ([start, end]: Span): number => end - start;

export const same = (one: Span | null, other: Span | null): boolean =>
  one === other || (!!one && !!other && one[0] === other[0] && one[1] === other[1]);

export const clamp = (value: number, [least, most]: Span): number =>
  Math.min(Math.max(value, least), most);

/** A window moved into the domain; one that is longer becomes the domain. */
export function within(window: Span, domain: Span): Span {
  const long = length(window);
  if (!(long < length(domain))) {
    return domain;
  }
  const start = clamp(window[0], [domain[0], domain[1] - long]);
  return [start, start + long];
}

/**
 * Make a window longer or shorter; a moment in it stays where it is.
 *
 * @param factor - below 1 shows less, more closely
 * @param at - the moment that stays
 */
export function zoomed(window: Span, domain: Span, factor: number, at: number): Span {
  const least = Math.min(LEAST_SEC, length(domain));
  const long = clamp(length(window) * factor, [least, length(domain)]);
  const share = clamp((at - window[0]) / length(window), [0, 1]);
  const start = at - share * long;
  return within([start, start + long], domain);
}

/** Move a window by so many seconds, as far as the domain goes. */
export const panned = ([start, end]: Span, domain: Span, by: number): Span =>
  within([start + by, end + by], domain);

/** Where in a window a moment lies: 0 at its start, 1 at its end. */
export const shareOf = (sec: number, window: Span): number => (sec - window[0]) / length(window);

/** The moment at a share of a window. */
export const momentAt = (share: number, window: Span): number => window[0] + share * length(window);

/** Whether two closed spans have a moment in common. */
export const overlap = (one: Span, other: Span): boolean =>
  one[1] >= other[0] && one[0] <= other[1];
