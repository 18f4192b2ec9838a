import { afterEach, expect, test } from 'vitest';

import { hasBackground, PAPER, readPalette, themeConfig } from '../src/plot/theme';

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
