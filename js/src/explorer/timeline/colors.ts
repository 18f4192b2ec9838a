/** The page's colours, as the explorer's stylesheet has them, for what is drawn on canvases. */
import type { Palette } from '../../vega/theme';
import type { Colors } from './painter';

/** What of a page tells that its theme changed. */
const THEMES = ['class', 'theme', 'data-jp-theme-name', 'data-jp-theme-light'];

/** Read the colours that hold at an element. */
export function colorsAt(node: HTMLElement): Colors {
  const probe = document.createElement('span');
  probe.hidden = true;
  node.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--hs-${name})`;
    return getComputedStyle(probe).color;
  };
  const [ground, ink, quiet, line, accent] = ['ground', 'ink', 'quiet', 'line', 'accent'].map(
    read,
  ) as [string, string, string, string, string];
  const font = getComputedStyle(node).fontFamily;
  probe.remove();
  const palette: Palette = { text: ink, muted: quiet, line, grid: line, font };
  return { palette, inks: { ground, ink, quiet, accent, font } };
}

/** Hear when the page's theme changes, until the signal ends. */
export function watchTheme(changed: () => void, signal: AbortSignal): void {
  const watch = new MutationObserver(changed);
  for (const node of [document.documentElement, document.body]) {
    watch.observe(node, { attributeFilter: THEMES });
  }
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', changed, { signal });
  signal.addEventListener('abort', () => watch.disconnect());
}
