import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel } from '@lumino/widgets';
import { beforeEach, expect, test, vi } from 'vitest';

import plugin from '../src/still';
import { ExplorerOutput, MIME } from '../src/still/output';

/** What the notebook's widgets put in an output: a view, or an error text. */
class WidgetView extends Panel implements IRenderMime.IRenderer {
  readonly shown: string[] = [];

  async renderModel({ data }: IRenderMime.IMimeModel): Promise<void> {
    const view = data['application/vnd.jupyter.widget-view+json'] as { model_id: string };
    this.shown.push(view.model_id);
    this.node.textContent = 'Loading widget...';
    await Promise.resolve();
    this.node.textContent = view.model_id === 'gone' ? 'Error displaying widget' : '';
    if (view.model_id !== 'gone') {
      this.node.append(document.createElement('section'));
    }
  }
}

let views: WidgetView[];
const renderers = {
  createRenderer: () => {
    const view = new WidgetView();
    views.push(view);
    return view;
  },
};
beforeEach(() => {
  views = [];
});

const model = (
  model_id: string,
  more: Partial<IRenderMime.IMimeModel> = {},
  png = 'cGljdHVyZQ==',
) =>
  ({
    data: { [MIME]: { model_id, line: '%hs explore room <b>' }, 'image/png': png },
    metadata: {},
    trusted: true,
    ...more,
  }) as unknown as IRenderMime.IMimeModel;

const still = (output: ExplorerOutput) =>
  output.node.querySelector<HTMLElement>('.hs-Still-saved') as HTMLElement;

test('a widget that is there is shown in the place of its picture', async () => {
  const output = new ExplorerOutput(renderers);
  await output.renderModel(model('m1'));
  await vi.waitFor(() => expect(still(output).hidden).toBe(true));
  expect(views[0]?.isHidden).toBe(false);
});

test('where the widget is gone, picture and line stand, and no error', async () => {
  const output = new ExplorerOutput(renderers);
  await output.renderModel(model('gone'));
  await vi.waitFor(() => expect(views[0]?.isHidden).toBe(true));
  expect(still(output).hidden).toBe(false);
  expect(still(output).querySelector('img')?.alt).toContain('saved with the notebook');
  expect(still(output).textContent).toContain(
    'Run this cell to open it again: %hs explore room <b>',
  );
  expect(still(output).querySelector('b')).toBeNull();
});

test('an output that is renewed keeps the view that lives in it', async () => {
  const output = new ExplorerOutput(renderers);
  await output.renderModel(model('m1'));
  await output.renderModel(model('m1', {}, 'bmV3'));
  expect(views).toHaveLength(1);
  expect(views[0]?.shown).toEqual(['m1']);
  expect(still(output).querySelector('img')?.src).toContain('bmV3');
  await output.renderModel(model('m2'));
  expect(views).toHaveLength(2);
  expect(views[0]?.isDisposed).toBe(true);
});

test('without trust nothing is brought to life', async () => {
  const output = new ExplorerOutput(renderers);
  await output.renderModel(model('m1', { trusted: false }));
  expect(views).toEqual([]);
  expect(still(output).hidden).toBe(false);
});

test('a widget that no kernel answers has its picture above it', async () => {
  const output = new ExplorerOutput(renderers);
  await output.renderModel(model('m1'));
  const root = views[0]?.node.querySelector('section');
  root?.toggleAttribute('data-silent', true);
  await vi.waitFor(() => expect(still(output).hidden).toBe(false));
  expect(views[0]?.isHidden).toBe(false);
  root?.toggleAttribute('data-silent', false);
  await vi.waitFor(() => expect(still(output).hidden).toBe(true));
});

test.each([null, 'text', { model_id: 4 }])('an output of nonsense is no crash: %j', async value => {
  const output = new ExplorerOutput({
    createRenderer: () => {
      throw new Error('no widgets here');
    },
  });
  await output.renderModel({ ...model('x'), data: { [MIME]: value } } as never);
  expect(still(output).textContent).toContain('%hs explore');
  output.dispose();
});

test('every notebook gets a renderer of its own, before that of the widgets', () => {
  const addFactory = vi.fn();
  plugin.activate({
    docRegistry: {
      addWidgetExtension: (_name, { createNew }) =>
        createNew({ content: { rendermime: { ...renderers, addFactory } } }),
    },
  });
  const [factory, rank] = addFactory.mock.calls[0] ?? [];
  expect(factory).toMatchObject({ safe: true, mimeTypes: [MIME] });
  expect(rank).toBeLessThan(-10);
  expect(factory.createRenderer({})).toBeInstanceOf(ExplorerOutput);
});
