import { afterEach, expect, test } from 'vitest';

import { hasBackground, inked, PAPER, readPalette, themeConfig } from '../../src/vega/theme';

afterEach(() => document.body.removeAttribute('style'));

test('outside JupyterLab a chart is dark on light', () => {
  expect(readPalette()).toEqual(PAPER);
});

test("the page's theme gives the colours it has", () => {
  document.body.style.setProperty('--jp-content-font-color1', ' #eeeeee');
  expect(readPalette()).toEqual({ ...PAPER, text: '#eeeeee' });
});

test('the page shows through, paper does not', () => {
  expect(themeConfig(PAPER).background).toBe('transparent');
  expect(themeConfig({ ...PAPER, text: '#eeeeee' }).title).toMatchObject({ color: '#eeeeee' });
});

test.each([
  [{}, false],
  [{ background: 'transparent' }, false],
  [{ background: '#333' }, true],
  [{ config: { background: '#333' } }, true],
])('%j has a background of its own: %j', (part, own) => {
  expect(hasBackground({ mark: 'point', data: { values: [] }, ...part } as never)).toBe(own);
});

test("a chart's ink becomes the page's, its data stay", () => {
  const values = [{ said: '#787878' }];
  const chart = (color: string, usermeta?: Record<string, unknown>) =>
    ({
      config: { axis: { labelColor: color } },
      data: { values },
      layer: [{ mark: { type: 'text', color } }],
      ...(usermeta && { usermeta }),
    }) as never;
  const asked = { hs_jupyter: { ink: '#787878' } };
  expect(inked(chart('#787878', asked), PAPER)).toEqual(chart(PAPER.muted, asked));
  expect(inked(chart('#787878'), PAPER)).toEqual(chart('#787878'));
});
