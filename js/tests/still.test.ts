import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Signal } from '@lumino/signaling';
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

/** The widgets' renderer before the notebook has a kernel. */
class UnboundView extends Panel implements IRenderMime.IRenderer {
  renderModel(): Promise<void> {
    this.node.textContent = 'Loading widget...';
    return new Promise(() => undefined);
  }
}

let views: WidgetView[];
let factory: 'bound' | 'unbound';
const renderers = {
  getFactory: () => factory,
  createRenderer: () => {
    if (factory === 'unbound') {
      return new UnboundView();
    }
    const view = new WidgetView();
    views.push(view);
    return view;
  },
};
let kernelChanged: Signal<unknown, unknown>;
let output: ExplorerOutput;
beforeEach(() => {
  views = [];
  factory = 'bound';
  kernelChanged = new Signal<unknown, unknown>({});
  output = new ExplorerOutput(renderers, kernelChanged);
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
  await output.renderModel(model('m1'));
  await vi.waitFor(() => expect(still(output).hidden).toBe(true));
  expect(views[0]?.isHidden).toBe(false);
});

test('where the widget is gone, picture and line stand, and no error', async () => {
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
  await output.renderModel(model('m1', { trusted: false }));
  expect(views).toEqual([]);
  expect(still(output).hidden).toBe(false);
});

test('a widget that no kernel answers has its picture above it', async () => {
  await output.renderModel(model('m1'));
  const root = views[0]?.node.querySelector('section');
  root?.toggleAttribute('data-silent', true);
  await vi.waitFor(() => expect(still(output).hidden).toBe(false));
  expect(views[0]?.isHidden).toBe(false);
  root?.toggleAttribute('data-silent', false);
  await vi.waitFor(() => expect(still(output).hidden).toBe(true));
});

test('drawn before its notebook has a kernel, it comes to life with it', async () => {
  factory = 'unbound';
  void output.renderModel(model('m1'));
  kernelChanged.emit('starting');
  expect(still(output).hidden).toBe(false);
  factory = 'bound';
  kernelChanged.emit('idle');
  await vi.waitFor(() => expect(still(output).hidden).toBe(true));
  kernelChanged.emit('busy');
  expect(views.map(one => one.shown)).toEqual([['m1']]);
  expect(output.widgets).toEqual(views);
});

test('without trust a kernel brings nothing to life either', async () => {
  factory = 'unbound';
  void output.renderModel(model('m1', { trusted: false }));
  factory = 'bound';
  kernelChanged.emit('idle');
  expect(views).toEqual([]);
});

test('an output that is gone does not look at the kernel any more', async () => {
  factory = 'unbound';
  void output.renderModel(model('m1'));
  output.dispose();
  factory = 'bound';
  kernelChanged.emit('idle');
  expect(views).toEqual([]);
});

test.each([null, 'text', { model_id: 4 }])('an output of nonsense is no crash: %j', async value => {
  const createRenderer = () => {
    throw new Error('no widgets here');
  };
  output = new ExplorerOutput({ ...renderers, createRenderer }, kernelChanged);
  await output.renderModel({ ...model('x'), data: { [MIME]: value } } as never);
  expect(still(output).textContent).toContain('%hs explore');
  output.dispose();
});

test('every notebook gets a renderer of its own, before that of the widgets', () => {
  const addFactory = vi.fn();
  plugin.activate({
    docRegistry: {
      addWidgetExtension: (_name, { createNew }) =>
        createNew({
          content: { rendermime: { ...renderers, addFactory } },
          sessionContext: { statusChanged: kernelChanged },
        }),
    },
  });
  const [factory, rank] = addFactory.mock.calls[0] ?? [];
  expect(factory).toMatchObject({ safe: true, mimeTypes: [MIME] });
  expect(rank).toBeLessThan(-10);
  expect(factory.createRenderer({})).toBeInstanceOf(ExplorerOutput);
});
