import type { Timeline } from './timeline';

/** What the chart does not show, in sentences. */
export function Notes({ timeline }: { timeline: Timeline }) {
  const frame = timeline.frame.value;
  if (!frame) {
    return null;
  }
  const { notes, missing } = frame.answer;
  const said = [...notes, ...missing.map(({ table, reason }) => `${table}: ${reason}`)];
  return said.length ? (
    <ul class="hs-Timeline-notes" aria-label="About this chart">
      {said.map(one => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  ) : null;
}
