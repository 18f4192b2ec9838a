import type { Timeline } from './timeline';

/** What the chart does not show, in sentences. */
export function Notes({ timeline }: { timeline: Timeline }) {
  const frame = timeline.frame.value;
  if (!frame) {
    return null;
  }
  const { notes, missing } = frame.answer;
  const said = [...notes, ...reasons(missing)];
  return said.length ? (
    <ul class="hs-Timeline-notes" aria-label="About this chart">
      {said.map(one => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  ) : null;
}

/** Why tables are not drawn, each reason once. */
export function reasons(missing: readonly { table: string; reason: string }[]): string[] {
  const tables = new Map<string, string[]>();
  for (const { table, reason } of missing) {
    tables.set(reason, [...(tables.get(reason) ?? []), table]);
  }
  return [...tables].map(
    ([reason, names]) => `${names.join(', ')}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`,
  );
}
