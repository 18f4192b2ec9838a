import type { TooltipHandler } from 'vega';

const ROWS_MAX = 20;
const CHARACTERS_MAX = 300;
const GAP_PX = 14;

/** A tooltip of text, never of HTML: what participants wrote is shown as they wrote it. */
export class TextTooltip {
  private readonly node = document.createElement('div');

  constructor() {
    this.node.className = 'hs-Plot-tooltip';
    this.node.setAttribute('role', 'tooltip');
  }

  /** The handler that Vega calls when the pointer enters, moves in, or leaves a mark. */
  readonly handler: TooltipHandler = (_handler, event, _item, value) => {
    const rows = tooltipRows(value);
    if (!rows.length) {
      this.dispose();
      return;
    }
    this.node.replaceChildren(...rows.map(rowNode));
    document.body.append(this.node);
    this.place(event);
  };

  dispose(): void {
    this.node.remove();
  }

  /** Beside the pointer, on the side where there is room. */
  private place({ clientX, clientY }: MouseEvent): void {
    const { width, height } = this.node.getBoundingClientRect();
    const x =
      clientX + GAP_PX + width > window.innerWidth ? clientX - GAP_PX - width : clientX + GAP_PX;
    const y =
      clientY + GAP_PX + height > window.innerHeight ? clientY - GAP_PX - height : clientY + GAP_PX;
    this.node.style.left = `${Math.max(0, x)}px`;
    this.node.style.top = `${Math.max(0, y)}px`;
  }
}

/** The rows of a tooltip as [name, text]; a plain value has one row without a name. */
export function tooltipRows(value: unknown): [string, string][] {
  if (value === null || value === undefined || value === '') {
    return [];
  }
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Date) {
    return [['', asText(value)]];
  }
  return Object.entries(value)
    .slice(0, ROWS_MAX)
    .map(([name, one]) => [shorten(name), asText(one)]);
}

function asText(value: unknown): string {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === 'object' && value !== null) {
    try {
      return shorten(JSON.stringify(value));
    } catch {
      return '…'; // a cycle: nothing a tooltip could show
    }
  }
  return shorten(String(value));
}

function shorten(text: string): string {
  return text.length > CHARACTERS_MAX ? `${text.slice(0, CHARACTERS_MAX - 1)}…` : text;
}

export function rowNode([name, text]: [string, string]): HTMLElement {
  const row = document.createElement('div');
  for (const part of name ? [name, text] : [text]) {
    const cell = document.createElement('span');
    cell.textContent = part;
    row.append(cell);
  }
  return row;
}
