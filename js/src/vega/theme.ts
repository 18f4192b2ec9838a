import type { Config, TopLevelSpec } from 'vega-lite';

/** The colours and font that a chart takes from the page around it. */
export interface Palette {
  text: string;
  muted: string;
  line: string;
  grid: string;
  font: string;
}

/** Dark on white: for saved files, and for charts that bring a background of their own. */
export const PAPER: Palette = {
  text: '#1f1f1f',
  muted: '#555555',
  line: '#9e9e9e',
  grid: '#e3e3e3',
  font: 'system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif',
};

/** JupyterLab's theme variables behind each of them. */
const VARIABLES: Record<keyof Palette, string> = {
  text: '--jp-content-font-color1',
  muted: '--jp-content-font-color2',
  line: '--jp-border-color1',
  grid: '--jp-border-color2',
  font: '--jp-content-font-family',
};

/** Read the palette of the page's theme; outside JupyterLab it is `PAPER`. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const palette = { ...PAPER };
  for (const [key, name] of Object.entries(VARIABLES) as [keyof Palette, string][]) {
    palette[key] = style.getPropertyValue(name).trim() || palette[key];
  }
  return palette;
}

/** Whether a chart brings its own background, and so its own contrast. */
export function hasBackground(spec: TopLevelSpec): boolean {
  const background = spec.background ?? spec.config?.background;
  return typeof background === 'string' && background !== 'transparent';
}

/**
 * Give a chart the page's colour of quiet text in the place of its own ink.
 *
 * A chart that must be read anywhere draws its text in a grey that fits light and dark pages, and says
 * which in its `usermeta`; here the page is known. Data are left as they are.
 */
export function inked(spec: TopLevelSpec, palette: Palette): TopLevelSpec {
  const ink = (spec.usermeta as { hs_jupyter?: { ink?: unknown } } | undefined)?.hs_jupyter?.ink;
  return typeof ink === 'string' ? (replaced(spec, ink, palette.muted) as TopLevelSpec) : spec;
}

const DATA = new Set(['data', 'datasets', 'usermeta']);

function replaced(value: unknown, ink: string, color: string): unknown {
  if (Array.isArray(value)) {
    return value.map(one => replaced(one, ink, color));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, one]) => [key, DATA.has(key) ? one : replaced(one, ink, color)]),
    );
  }
  return value === ink ? color : value;
}

/** The Vega-Lite configuration of a palette; whatever a chart configures itself wins. */
export function themeConfig(palette: Palette, background: string | null = null): Config {
  const { text, muted, line, grid, font } = palette;
  return {
    background: background ?? 'transparent',
    font,
    title: { color: text, subtitleColor: muted, fontSize: 13, subtitleFontSize: 11 },
    axis: {
      labelColor: muted,
      titleColor: text,
      domainColor: line,
      tickColor: line,
      gridColor: grid,
      titleFontWeight: 'normal',
    },
    legend: { labelColor: text, titleColor: text, titleFontWeight: 'normal' },
    header: { labelColor: text, titleColor: text },
    view: { stroke: grid },
    text: { color: text },
    rule: { color: muted },
  };
}
