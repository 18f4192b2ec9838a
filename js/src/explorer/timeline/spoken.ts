/** The timeline in words, for readers who do not see it. */
import { counted } from '../words';
import { clock, decimalsOf, lasting } from './clock';
import type { Frame, RowData } from './frame';
import { readings, written } from './readings';
import { length, type Span, same } from './span';

/** A moment, as exactly as a window lets it be seen. */
export const moment = (sec: number, window: Span): string =>
  clock(sec, decimalsOf(length(window) / 100));

/** A window in words: `0:10 to 2:00`. */
export const stretch = (span: Span, window: Span): string =>
  `${moment(span[0], window)} to ${moment(span[1], window)}`;

/** What the chart shows, in sentences. */
export function described(frame: Frame, window: Span, selection: Span | null): string {
  const { domain } = frame.answer;
  const seen = same(window, domain)
    ? `All is shown, ${stretch(domain, domain)}.`
    : `Shown is ${stretch(window, window)} of ${stretch(domain, domain)}.`;
  const marked = selection
    ? ` Selected is ${stretch(selection, selection)}, ${lasting(length(selection))}.`
    : '';
  return `${seen}${marked} ${frame.rows.map(rowText).join(' ')}`;
}

function rowText({ facts, lines, points }: RowData): string {
  const { title, kind, number } = facts;
  if (kind !== 'lines') {
    const noun = { points: 'mark', spans: 'recording', bars: 'bar' }[kind];
    return `${title}: ${counted(points.length, noun)}.`;
  }
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const line of lines) {
    for (const value of line.value) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  const range = least <= most ? `, ${written(least, number)} to ${written(most, number)}` : '';
  return `${title}: ${counted(lines.length, 'line')}${range}.`;
}

/** How many values are read out. */
const SPOKEN_MOST = 12;

/** The values at the cursor, in words. */
export function spoken(frame: Frame, window: Span, sec: number): string {
  const found = frame.rows
    .filter(row => row.facts.kind === 'lines')
    .flatMap(row =>
      readings(row, sec, SPOKEN_MOST, null).map(
        one => `${row.facts.title} ${one.participant ?? 'median'} ${one.text}`,
      ),
    );
  const more = found.length > SPOKEN_MOST ? `, and ${found.length - SPOKEN_MOST} more` : '';
  return `${moment(sec, window)}: ${found.slice(0, SPOKEN_MOST).join(', ') || 'no value'}${more}`;
}
