import { afterEach, expect, test } from 'vitest';

import { TextTooltip, tooltipRows } from '../../src/vega/tooltip';

const shown = () => document.querySelector('[role=tooltip]');
const at = (clientX: number, clientY: number) =>
  new MouseEvent('pointermove', { clientX, clientY });

function show(tooltip: TextTooltip, value: unknown, event = at(10, 10)) {
  tooltip.handler({}, event, {} as never, value);
}

afterEach(() => document.body.replaceChildren());

test.each([
  [null, []],
  [undefined, []],
  ['', []],
  [0, [['', '0']]],
  [[1, 2], [['', '[1,2]']]],
  [
    { rating: 3, note: { a: 1 } },
    [
      ['rating', '3'],
      ['note', '{"a":1}'],
    ],
  ],
  [{ missing: null }, [['missing', 'null']]],
  [{ at: new Date(0) }, [['at', '1970-01-01T00:00:00.000Z']]],
])('%j as rows of text', (value, rows) => {
  expect(tooltipRows(value)).toEqual(rows);
});

test('long and endless values are cut', () => {
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  expect(tooltipRows({ ring })).toEqual([['ring', '…']]);
  expect(tooltipRows('x'.repeat(9999))[0]?.[1]).toHaveLength(300);
  expect(
    tooltipRows(Object.fromEntries([...Array(99).keys()].map(n => [`n${n}`, n]))),
  ).toHaveLength(20);
});

test('what a participant wrote stays text', () => {
  show(new TextTooltip(), { '<b>name</b>': '<img src=x onerror=alert(1)>' });
  expect(shown()?.textContent).toBe('<b>name</b><img src=x onerror=alert(1)>');
  expect(shown()?.querySelectorAll('img, b')).toHaveLength(0);
});

test('it goes when the pointer leaves, and with its chart', () => {
  const tooltip = new TextTooltip();
  show(tooltip, 'a');
  expect(shown()).not.toBeNull();
  show(tooltip, null);
  expect(shown()).toBeNull();
  show(tooltip, 'b');
  tooltip.dispose();
  expect(shown()).toBeNull();
});

test('it stays inside the window', () => {
  const tooltip = new TextTooltip();
  show(tooltip, 'a', at(window.innerWidth, window.innerHeight));
  const { left, top } = (shown() as HTMLElement).style;
  expect(Number.parseFloat(left)).toBeLessThan(window.innerWidth);
  expect(Number.parseFloat(top)).toBeLessThan(window.innerHeight);
});
