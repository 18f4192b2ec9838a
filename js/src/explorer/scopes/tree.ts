/** The tree of scopes as plain values: which lines it shows, and where a key leads. */
import type { ScopeState } from '../../contract';

export interface Item {
  /** Unique in the tree: the same room may stand under its experiment and under 'Recent'. */
  readonly key: string;
  readonly kind: ScopeState['kind'] | 'group' | 'note';
  /** What choosing it opens; null: nothing. */
  readonly scope: ScopeState | null;
  readonly name: string;
  readonly detail: string;
  /** How long it lasted, and how many took part. */
  readonly lasted: string;
  readonly people: number | null;
  readonly stored: boolean;
  readonly recent: boolean;
  readonly running: boolean;
  /** It may have children. */
  readonly opens: boolean;
}

/** An item where it is shown. */
export interface Line {
  readonly item: Item;
  readonly parent: string | null;
  /** From 1. */
  readonly level: number;
  /** From 1, among its siblings. */
  readonly position: number;
  readonly siblings: number;
  /** Null: it has no children. */
  readonly expanded: boolean | null;
}

export type Below = ReadonlyMap<string, readonly Item[]>;

/** The lines of a tree, from top to bottom. */
export function linesOf(
  roots: readonly Item[],
  below: Below,
  expanded: ReadonlySet<string>,
): readonly Line[] {
  const lines: Line[] = [];
  const add = (items: readonly Item[], parent: string | null, level: number) => {
    items.forEach((item, index) => {
      const open = expanded.has(item.key);
      lines.push({
        item,
        parent,
        level,
        position: index + 1,
        siblings: items.length,
        expanded: item.opens ? open : null,
      });
      if (item.opens && open) {
        add(below.get(item.key) ?? [], item.key, level + 1);
      }
    });
  };
  add(roots, null, 1);
  return lines;
}

/** Where a key leads: to another line, or to one that opens or closes. */
export type Step = { readonly to: number } | { readonly toggle: string } | null;

/** The tree keys of the ARIA practices, but for Enter. */
export function step(lines: readonly Line[], at: number, key: string, page: number): Step {
  const line = lines[at];
  const to = (index: number): Step =>
    lines.length ? { to: Math.min(Math.max(0, index), lines.length - 1) } : null;
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + page);
    case 'PageUp':
      return to(at - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(lines.length - 1);
    case 'ArrowRight':
      if (line?.expanded === false) {
        return { toggle: line.item.key };
      }
      return line?.expanded && lines[at + 1]?.parent === line.item.key ? to(at + 1) : null;
    case 'ArrowLeft':
      if (line?.expanded) {
        return { toggle: line.item.key };
      }
      return line?.parent ? to(lines.findIndex(one => one.item.key === line.parent)) : null;
    default:
      return null;
  }
}

/** The next line whose name begins with what was typed, after `at` and around the end. */
export function lineCalled(lines: readonly Line[], at: number, typed: string): number {
  const begins = (index: number) =>
    lines[index]?.item.name.toLowerCase().startsWith(typed.toLowerCase());
  // One letter again goes on to the next; more letters narrow the line that is there.
  const from = typed.length > 1 ? at : at + 1;
  for (let turn = 0; turn < lines.length; turn++) {
    const index = (from + turn) % lines.length;
    if (begins(index)) {
      return index;
    }
  }
  return at;
}
