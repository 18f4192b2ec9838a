import { parse, type Spec, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { expect, test } from 'vitest';

import {
  type Stage,
  shapeOf,
  spanOf,
  type Traced,
  traced,
} from '../../../src/explorer/timeline/traced';
import { INTERPRETED } from '../../../src/vega/runtime';

const PLAIN = { isThicket: false, isFaint: false };

const param = (expr: string) => ({ expr });
const CHART = {
  params: [
    { name: 'window_start_sec', value: 0 },
    { name: 'window_end_sec', value: 10 },
  ],
  vconcat: ['ratings_1', 'other'].map(name => ({
    data: { name },
    width: 200,
    height: 50,
    mark: { type: 'line', strokeWidth: 1.6, opacity: 0.95 },
    encoding: {
      x: {
        field: 'onset_sec',
        type: 'quantitative',
        scale: { domain: [param('window_start_sec'), param('window_end_sec')], nice: false },
      },
      y: { field: 'value', type: 'quantitative' },
      color: { field: 'participant', type: 'nominal' },
      detail: [{ field: 'segment', type: 'nominal' }],
    },
  })),
} as unknown as TopLevelSpec;

const marks = (spec: Spec): { type?: string; from?: unknown }[] =>
  (spec.marks ?? []).flatMap(mark => [mark, ...('marks' in mark ? marks(mark as Spec) : [])]);

test('the lines of the named datasets become shapes, all others stay', () => {
  const found = marks(traced(compile(CHART).spec, new Set(['ratings_1'])));
  const shapes = found.filter(one => one.type === 'shape');
  expect(shapes.map(one => one.from)).toEqual([{ data: 'ratings_1' }]);
  expect(found.filter(one => one.type === 'line')).toHaveLength(1);
});

test('a shape is told what is seen, and how to stroke it', async () => {
  const vega = traced(compile(CHART).spec, new Set(['ratings_1', 'other']));
  const view = new View(parse(vega, {}, { ast: true }), { ...INTERPRETED, renderer: 'none' });
  const shape = shapeOf(
    () => PLAIN,
    () => undefined,
  );
  view.data('ratings_1', [{ participant: 'a', shape }] satisfies Traced[]);
  await view.signal('window_start_sec', 2).signal('window_end_sec', 4).width(300).runAsync();
  const items: Stage[] = [];
  const walk = (node: { marktype?: string; items?: unknown[] }) => {
    for (const item of (node.items ?? []) as { shape?: unknown; items?: [] }[]) {
      if (item.shape === shape) {
        items.push(item as unknown as Stage);
      }
      item.items?.forEach(walk);
    }
  };
  walk((view.scenegraph() as unknown as { root: object }).root);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ width_px: 300, height_px: 50, strokeWidth: 1.6, opacity: 0.95 });
  expect(spanOf(items[0] as Stage)).toEqual([2, 4]);
  expect(items[0]?.stroke).toMatch(/^#/);
  view.finalize();
});

/** A canvas that keeps what it was told. */
function canvas() {
  const told: string[] = [];
  const note =
    (name: string) =>
    (...given: number[]) =>
      told.push(`${name}${given.join(',')}`);
  const names = ['moveTo', 'lineTo', 'stroke', 'beginPath', 'save', 'restore'];
  const context = Object.fromEntries(names.map(name => [name, note(name)]));
  return { told, context: { ...context, globalAlpha: 1 } as unknown as CanvasRenderingContext2D };
}

const STAGE: Stage = {
  stroke: 'red',
  strokeWidth: 1.6,
  opacity: 0.95,
  start_sec: 0,
  end_sec: 1,
  width_px: 300,
  height_px: 50,
};

test('a long path is stroked in parts that hang together, a thicket at once', () => {
  const path = (pen: Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo'>) => {
    pen.moveTo(0, 0);
    for (let at = 1; at <= 40; at++) {
      pen.lineTo(at, 0);
    }
  };
  const run = (isThicket: boolean) => {
    const { told, context } = canvas();
    shapeOf(() => ({ ...PLAIN, isThicket }), path).context(context)(STAGE);
    return told;
  };
  const parts = run(false);
  expect(parts.filter(one => one === 'stroke')).toHaveLength(3);
  const restart = parts.indexOf('stroke');
  expect(parts.slice(restart - 1, restart + 3)).toEqual([
    'lineTo16,0',
    'stroke',
    'beginPath',
    'moveTo16,0',
  ]);
  expect(run(true).filter(one => one === 'stroke')).toHaveLength(1);
  // What Vega strokes after it is empty.
  expect(parts.at(-1)).toBe('beginPath');
});

test('what measures a shape gets the box of its row', () => {
  const { told, context } = canvas();
  const { stroke: _, ...bounds } = context as unknown as Record<string, unknown>;
  shapeOf(
    () => PLAIN,
    () => {
      throw new Error('traced for nothing');
    },
  ).context(bounds as unknown as CanvasRenderingContext2D)(STAGE);
  expect(told).toEqual(['moveTo0,-4', 'lineTo300,54']);
});
