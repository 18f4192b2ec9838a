import { compile, type TopLevelSpec } from 'vega-lite';
import { expect, test } from 'vitest';

import { openBrushes } from '../src/plot/brush';

const spec = (usermeta?: Record<string, unknown>): TopLevelSpec => ({
  data: { values: [{ x: 1 }] },
  ...(usermeta && { usermeta }),
  params: [{ name: 'brush', select: { type: 'interval', encodings: ['x'] }, views: ['row'] }],
  vconcat: [{ name: 'row', mark: 'point', encoding: { x: { field: 'x', type: 'quantitative' } } }],
});

const brushes = (one: TopLevelSpec) => {
  const text = JSON.stringify(openBrushes(compile(one).spec, one));
  return [...text.matchAll(/"name":"brush_brush","type":"rect"[^{]*/g)].map(([found]) =>
    /"interactive":false/.test(text.slice(text.indexOf(found))),
  );
};

test('a chart that asks has brushes that the pointer passes through', () => {
  expect(brushes(spec({ hs_jupyter: { brush: 'open' } }))).toEqual([true]);
});

test.each([undefined, {}, { hs_jupyter: null }, { hs_jupyter: { brush: 'closed' } }])(
  'any other chart keeps Vega-Lite’s way: %j',
  usermeta => {
    expect(brushes(spec(usermeta))).toEqual([false]);
  },
);
