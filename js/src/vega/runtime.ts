/** Vega-Lite to what Vega runs, the same wherever a chart is drawn: nothing of it can run as code. */
import { type LoggerInterface, parse, type Runtime, type Spec } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

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

/** A logger that keeps the first error; warnings are for a chart's author, not for its reader. */
export class Problems implements LoggerInterface {
  private first: unknown;

  level(): number;
  level(level: number): this;
  level(level?: number): this | number {
    return level === undefined ? 1 : this;
  }

  error(...problem: readonly unknown[]): this {
    this.first ??= problem[0];
    return this;
  }
  warn(): this {
    return this;
  }
  info(): this {
    return this;
  }
  debug(): this {
    return this;
  }

  raise(): void {
    if (this.first !== undefined) {
      throw this.first;
    }
  }
}
