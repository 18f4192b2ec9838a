/** What is drawn now: the kernel's answer, its rows with their data, and what the view holds of them. */
import type { ScopeState, TimelineAnswer } from '../../contract';
import type { Table } from '../arrow';
import { type About, aboutOf, type RowFacts } from './facts';
import type { Point } from './hits';
import { type Line, linesOf, type Median, medianOf } from './lines';
import { type Span, same } from './span';

/** The data of one row. */
export interface RowData {
  readonly facts: RowFacts;
  readonly lines: readonly Line[];
  readonly points: readonly Point[];
  /** The lines over the whole domain, to show where the window's own do not reach. */
  readonly coarse: readonly Line[];
  readonly median: Median | null;
  /** What the row's data cover. */
  readonly window: Span;
  /** Changes with the row's data. */
  readonly id: string;
}

/** A dataset that Vega draws as it is. */
export interface Dataset {
  readonly id: string;
  readonly values: readonly object[];
}

export interface Frame {
  readonly scope: ScopeState;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly answer: TimelineAnswer;
  readonly about: About;
  readonly rows: readonly RowData[];
  /** By name: all but the samples of lines, which are traced. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** The tables as they came, with their IDs. */
  readonly held: ReadonlyMap<string, { readonly id: string; readonly table: Table }>;
}

/** The IDs that need not be sent again. */
export const knownOf = (frame: Frame | null): string[] =>
  frame ? [frame.answer.spec_id, ...[...frame.held.values()].map(one => one.id)] : [];

/** Whether every window is drawn from what is held. */
export const isWhole = (frame: Frame): boolean => frame.about.rows.every(row => row.whole);

/** Join an answer with what was held before it. */
export function nextFrame(
  last: Frame | null,
  scope: ScopeState,
  answer: TimelineAnswer,
  tables: Readonly<Record<string, Table>>,
): Frame {
  const about = aboutOf(answer);
  const spec = answer.spec ?? (last?.answer.spec_id === answer.spec_id ? last.spec : undefined);
  if (!spec) {
    throw new Error('the chart of this answer did not come');
  }
  const held = new Map(
    Object.entries(answer.ids).map(([name, id]) => {
      const table = tables[name] ?? last?.held.get(name)?.table;
      if (!table) {
        throw new Error(`the data ${name} did not come`);
      }
      return [name, { id, table }];
    }),
  );
  const before = new Map(last?.rows.map(row => [row.facts.name, row]));
  const rows = about.rows.map((facts): RowData => {
    const own = held.get(facts.name);
    const old = before.get(facts.name);
    if (!own) {
      throw new Error(`the data ${facts.name} did not come`);
    }
    if (old?.id === own.id) {
      return { ...old, facts, window: facts.whole ? answer.domain : old.window };
    }
    const window = facts.whole ? answer.domain : answer.window;
    if (facts.kind !== 'lines') {
      const points = own.table.toArray() as unknown as Point[];
      return { facts, lines: [], points, coarse: [], median: null, window, id: own.id };
    }
    const of = held.get(`${facts.name}_lines`);
    const lines = of ? linesOf(own.table, of.table) : [];
    const middle = held.get(facts.median);
    const median = middle ? medianOf(middle.table) : null;
    const kept = old && sameLines(old.coarse, lines) ? old.coarse : [];
    return {
      facts,
      lines,
      points: [],
      coarse: same(window, answer.domain) ? lines : kept,
      median,
      window,
      id: own.id,
    };
  });
  const traced = new Set(
    rows
      .filter(row => row.facts.kind === 'lines')
      .flatMap(({ facts: { name } }) => [name, `${name}_lines`]),
  );
  const points = new Map(rows.map(row => [row.facts.name, row.points]));
  const datasets = new Map(
    [...held]
      .filter(([name]) => !traced.has(name))
      .map(([name, { id, table }]): [string, Dataset] => {
        const old = last?.datasets.get(name);
        const values = points.get(name) ?? table.toArray();
        return [name, old?.id === id ? old : { id, values: values as readonly object[] }];
      }),
  );
  return { scope, spec, answer, about, rows, datasets, held };
}

const sameLines = (one: readonly Line[], other: readonly Line[]): boolean =>
  one.length === other.length &&
  one.every((line, at) => {
    const twin = other[at];
    return line.participant === twin?.participant && line.room === twin.room;
  });
