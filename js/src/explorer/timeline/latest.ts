/** One question at a time, and always the newest: a moving window is asked for as it moves. */

/**
 * Runs one task after the other for values that come faster than they are done.
 *
 * While a task runs, newer values wait, the last of them alone; one that cannot wait ends what runs. A task
 * that was ended settles without a word; other errors go to `failed`.
 */
export class Latest<T> {
  private running: AbortController | null = null;
  private next: { readonly value: T } | null = null;

  constructor(
    private readonly task: (value: T, signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown, value: T) => void,
  ) {}

  /** Do the task for a value as soon as the one that runs is done. */
  want(value: T): void {
    this.next = { value };
    if (!this.running) {
      void this.run();
    }
  }

  /** Do the task for a value at once. */
  hurry(value: T): void {
    this.next = { value };
    this.dontWait();
  }

  /** What waits does not wait any longer: it ends what runs. */
  dontWait(): void {
    if (this.next) {
      this.running?.abort();
      void this.run();
    }
  }

  /** End what runs, and forget what waits. */
  end(): void {
    this.next = null;
    this.running?.abort();
    this.running = null;
  }

  private async run(): Promise<void> {
    const own = new AbortController();
    while (this.next) {
      const { value } = this.next;
      this.next = null;
      this.running = own;
      try {
        await this.task(value, own.signal);
      } catch (error) {
        if (!own.signal.aborted) {
          this.failed(error, value);
        }
      }
      if (this.running !== own) {
        return;
      }
    }
    this.running = null;
  }
}
