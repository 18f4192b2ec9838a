/** What a cell shows, and how wide its column begins. */
import type { CellKind, PageColumn } from '../../contract';
import { instant, iso } from '../words';

export type CellValue = string | number | boolean | null;

/** A number as it is, but for the last digits that arithmetic left behind. */
const plain = (number: number): string => String(Number(number.toPrecision(12)));

/** The text of a cell in the grid: one line. */
export function cellText(value: CellValue, { kind, name }: PageColumn): string {
  if (value === null) {
    return '';
  }
  if (typeof value === 'number') {
    if (kind === 'instant') {
      return instant(value);
    }
    return name === 'onset_sec' ? value.toFixed(3) : plain(value);
  }
  return String(value);
}

/** The text to copy: exact, as files and code spell it. Null: the kernel must be asked. */
export function copyText(value: CellValue, kind: CellKind): string | null {
  if (kind === 'text' || kind === 'nested') {
    return value === null ? '' : null;
  }
  return value === null ? '' : kind === 'instant' ? iso(Number(value)) : String(value);
}

/** Numbers stand right, so that their digits are comparable. */
export const standsRight = (kind: CellKind): boolean => kind === 'number' || kind === 'whole';

/** What a reader looks for comes first, what is the same in every record last. */
const FIRST = ['onset_sec', 'participantId'];
const LAST = ['experimentId', 'roomId'];

/**
 * The order in which a table's columns are shown at first: when and who, then what, then IDs.
 *
 * @param names - as the table has them: its record's ID comes first there
 * @param oneRoom - every record is of the same room
 */
export function arranged(names: readonly string[], oneRoom: boolean): readonly string[] {
  const [own = ''] = names;
  const last = [...(/^id$|Id$/.test(own) ? [own] : []), ...(oneRoom ? LAST : LAST.slice(0, 1))];
  const rank = (name: string) =>
    FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : last.indexOf(name) + 1;
  return [...names].sort((one, other) => rank(one) - rank(other));
}

const CHARACTER_PX = 7.8;
const SPACE_PX = 22;
const CHARACTERS: readonly [number, number] = [6, 32];
/** Beside a header's name: the arrow of its order. */
const HEAD_CHARACTERS = 2;

/** The width that a column begins with, in pixels. */
export function columnWidth(column: PageColumn, samples: readonly CellValue[]): number {
  const lengths = samples.map(value => cellText(value, column).length);
  const longest = Math.max(column.name.length + HEAD_CHARACTERS, ...lengths);
  const [least, most] = CHARACTERS;
  return Math.round(Math.min(Math.max(longest, least), most) * CHARACTER_PX + SPACE_PX);
}
