/** The page of the browser tests: the built module, a kernel beside it, and ways to mount it. */
import type { Traits } from '../../../src/explorer/model';
import { Kernel, type Settings } from './kernel';

interface Module {
  default: { render(view: { model: Kernel; el: HTMLElement }): () => void };
}

const { default: explorer } = (await import('/explorer.js' as string)) as Module;
const unmounts: (() => void)[] = [];

const page = {
  kernel: new Kernel(),
  /** Begin anew with other settings and traits. */
  begin(settings: Partial<Settings> = {}, traits: Partial<Traits> = {}): void {
    page.unmount();
    page.kernel = new Kernel(traits);
    Object.assign(page.kernel.settings, settings);
  },
  /** Show a view more. */
  mount(): void {
    const el = document.createElement('div');
    document.querySelector('#host')?.append(el);
    unmounts.push(explorer.render({ model: page.kernel, el }));
  },
  unmount(): void {
    for (const unmount of unmounts.splice(0)) {
      unmount();
    }
  },
};

declare global {
  interface Window {
    explorer: typeof page;
  }
}
window.explorer = page;
document.body.dataset.ready = 'true';
