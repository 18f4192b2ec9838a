/** What is told of a mark or a line under the pointer: text, never markup. */
import { rowNode } from '../../vega/tooltip';
import { clock } from './clock';
import type { RowFacts, TipKind } from './facts';
import type { Point } from './hits';

const GAP_PX = 14;
const TEXT_MOST = 300;

/** The lines of a mark's tooltip; what is empty is left out. */
export function tipOf(point: Point, row: RowFacts): [string, string][] {
  return row.tips.flatMap(([field, title, kind]): [string, string][] => {
    const text = textOf(point, field, kind);
    return text ? [[title, text]] : [];
  });
}

function textOf(point: Point, field: string, kind: TipKind): string {
  const held = point[field];
  if (kind === 'text') {
    return String(held ?? '').slice(0, TEXT_MOST);
  }
  const number = Number(held);
  switch (kind) {
    case 'count':
      return String(number);
    case 'unit':
      return number.toFixed(2);
    case 'length':
      return point.open ? 'not known' : clock(number);
    default:
      return clock(number, kind === 'tenths' ? 1 : 0);
  }
}

/** A small panel beside the pointer. */
export class Tip {
  constructor(private readonly node: HTMLElement) {}

  show(rows: readonly (readonly [string, string])[], x: number, y: number): void {
    this.node.replaceChildren(...rows.map(([title, text]) => rowNode([title, text])));
    this.node.hidden = false;
    const stage = this.node.parentElement;
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const [wide, high] = [stage?.clientWidth ?? 0, stage?.clientHeight ?? 0];
    const left = x + GAP_PX + width > wide ? x - GAP_PX - width : x + GAP_PX;
    const top = y + GAP_PX + height > high ? y - GAP_PX - height : y + GAP_PX;
    this.node.style.left = `${Math.max(0, left)}px`;
    this.node.style.top = `${Math.max(0, top)}px`;
  }

  hide(): void {
    this.node.hidden = true;
  }
}
