import type { LoggerInterface } from 'vega';

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
