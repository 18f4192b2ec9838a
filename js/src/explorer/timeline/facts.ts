/** What a drawing tells the view beside its picture: `About` in `hs_jupyter/explorer/drawing.py`. */
import type { TimelineAnswer } from '../../contract';

export type Kind = 'lines' | 'points' | 'spans' | 'bars';
export type TipKind = 'text' | 'count' | 'unit' | 'seconds' | 'tenths' | 'length';

export interface RowFacts {
  /** The row's name, and that of its dataset. */
  readonly name: string;
  readonly kind: Kind;
  readonly title: string;
  /** The ends of its scale; null where it has lanes, or ends that its data give. */
  readonly y: readonly [number, number] | null;
  readonly lanes: readonly string[];
  /** Whether each participant has a line of their own within a lane. */
  readonly apart: boolean;
  /** d3 format of a value under the cursor. */
  readonly number: string;
  /** How far from the cursor a sample may be and still be shown. */
  readonly reach_sec: number;
  /** Field, title and kind of each line of a tooltip. */
  readonly tips: readonly (readonly [field: string, title: string, kind: TipKind])[];
  /** The dataset of a median over its lines, or empty. */
  readonly median: string;
  /** Its data are the same for every window. */
  readonly whole: boolean;
}

export interface About {
  readonly rows: readonly RowFacts[];
  /** What the rows that can be hidden are called. */
  readonly words: Readonly<Record<string, string>>;
  /** The colour of every participant; empty where they are too many to be told apart. */
  readonly colors: Readonly<Record<string, string>>;
  /** The colours of a median, and of one line among too many. */
  readonly accent: string;
  readonly chosen: string;
  /** Rooms over each other: a line opens its room. */
  readonly overlay: boolean;
}

export const aboutOf = (answer: TimelineAnswer): About => answer.about as unknown as About;
