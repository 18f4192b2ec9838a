import { Widget } from '@lumino/widgets';
import { afterEach, expect, test, vi } from 'vitest';
import extension, { MIME_TYPES } from '../src/plot/index';
import type { RenderedPlot } from '../src/plot/rendered';
import { standingListeners } from './page';

const CHART = {
  title: 'Ratings',
  data: { values: [{ x: 1 }, { x: 2 }] },
  params: [{ name: 'brush', select: { type: 'interval', encodings: ['x'] } }],
  mark: 'point',
  encoding: { x: { field: 'x', type: 'quantitative' } },
};
const [TYPE = ''] = MIME_TYPES;

const listeners = standingListeners();

afterEach(() => {
  vi.restoreAllMocks();
  for (const plot of mounted.splice(0)) {
    plot.dispose();
  }
  document.body.replaceChildren();
  document.body.removeAttribute('data-jp-theme-name');
  document.body.removeAttribute('style');
});

const mounted: RenderedPlot[] = [];

function mount(): RenderedPlot {
  const plot = extension.rendererFactory.createRenderer({
    mimeType: TYPE,
  } as never) as RenderedPlot;
  Widget.attach(plot, document.body);
  mounted.push(plot);
  return plot;
}

async function show(plot: RenderedPlot, chart: unknown, more = {}): Promise<RenderedPlot> {
  await plot.renderModel({ data: { [TYPE]: chart, ...more }, metadata: {} } as never);
  return plot;
}

const painted = (plot: RenderedPlot) => plot.node.querySelector<HTMLElement>('[data-ready=true]');

test('a chart is painted, named, and said to be a graphic', async () => {
  const host = painted(await show(mount(), CHART));
  expect(host?.getAttribute('role')).toBe('graphics-document');
  expect(host?.getAttribute('aria-label')).toBe('Ratings');
  expect(host?.querySelector('canvas')).not.toBeNull();
});

test('a disposed chart leaves no listener and no node behind', async () => {
  const plot = await show(mount(), CHART);
  expect(listeners.size).toBeGreaterThan(0);
  plot.dispose();
  expect([...listeners]).toEqual([]);
  expect(document.body.children).toHaveLength(0);
  plot.dispose();
});

test('disposed while it was drawn, it leaves nothing either', async () => {
  const plot = mount();
  const drawn = show(plot, CHART);
  plot.dispose();
  await drawn;
  expect([...listeners]).toEqual([]);
});

test('a new theme redraws and keeps what was selected', async () => {
  const plot = await show(mount(), CHART);
  const before = painted(plot);
  const view = (host: unknown) => (host as { __view__: import('vega').View }).__view__;
  await view(before).signal('brush_x', [10, 50]).runAsync();
  document.body.style.setProperty('--jp-content-font-color1', '#eeeeee');
  document.body.dataset.jpThemeName = 'JupyterLab Dark';
  await vi.waitUntil(() => painted(plot) && painted(plot) !== before);
  expect(view(painted(plot)).signal('brush_x')).toEqual([10, 50]);
  expect(plot.node.querySelectorAll('canvas')).toHaveLength(1);
  plot.dispose();
  expect([...listeners]).toEqual([]);
});

test('the last of several updates is what stands', async () => {
  const plot = mount();
  await Promise.all(['one', 'two', 'three'].map(title => show(plot, { ...CHART, title })));
  expect(painted(plot)?.getAttribute('aria-label')).toBe('three');
  expect(plot.node.querySelectorAll('.hs-Plot-view')).toHaveLength(1);
});

test.each([
  [null, 'it is not a Vega-Lite object'],
  ['text', 'it is not a Vega-Lite object'],
  [{ mark: 'nothing' }, 'could not be drawn: '],
  [{ ...CHART, transform: [{ calculate: 'no such (', as: 'y' }] }, 'could not be drawn: '],
])('%j is answered by a sentence', async (chart, sentence) => {
  const plot = await show(mount(), chart, { 'image/png': 'AAAA' });
  const alert = plot.node.querySelector('[role=alert]');
  expect(alert?.textContent).toContain(sentence);
  expect(alert?.textContent).not.toContain('\n');
  expect(plot.node.querySelector('img')?.src).toBe('data:image/png;base64,AAAA');
  expect(listeners.size).toBe(0);
});

test('data from outside are not there, and a line says so', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const plot = await show(mount(), {
    ...CHART,
    data: { url: 'https://example.org/a.csv?token=1' },
  });
  expect(painted(plot)).not.toBeNull();
  expect(plot.node.querySelector('.hs-Plot-note')?.textContent).toContain('(example.org)');
  expect(fetched).not.toHaveBeenCalled();
});

test('a chart that can be drawn after one that cannot is drawn', async () => {
  const plot = await show(mount(), { mark: 'nothing' });
  await show(plot, CHART);
  expect(plot.node.querySelector('[role=alert]')).toBeNull();
  expect(painted(plot)).not.toBeNull();
});
