/** Vega-Lite to what Vega runs, the same wherever a chart is drawn: nothing of it can run as code. */
import { parse, type Runtime, type Spec } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

import { Problems } from './problems';
import { inked, type Palette, themeConfig } from './theme';

/**
 * Expressions are interpreted from their syntax tree, never compiled to code: it works under any
 * content security policy, and a notebook from elsewhere runs nothing. Every view of a runtime needs it.
 */
export const INTERPRETED = { expr: expressionInterpreter } as const;

/** Which events a chart may listen to. */
type Events = NonNullable<NonNullable<Parameters<typeof parse>[1]>['events']>;

interface Options {
  /** The background; null: the page shows through. */
  readonly background?: string;
  readonly events?: Events;
  /** What else the configuration holds. */
  readonly config?: Config;
  /** Changes the Vega specification before it is parsed. */
  readonly adapt?: (vega: Spec) => Spec;
}

/**
 * Make the runtime of a chart in the colours of a palette.
 *
 * @throws the first error of Vega-Lite or Vega
 */
export function runtimeOf(spec: TopLevelSpec, palette: Palette, options: Options = {}): Runtime {
  const { background = null, events = {}, config, adapt = one => one } = options;
  const vega = compile(inked(spec, palette), {
    config: { ...themeConfig(palette, background), ...config },
    logger: new Problems(),
  }).spec;
  return parse(adapt(vega), { events }, { ast: true });
}
