/** A model as anywidget gives it, with a kernel that answers when the test says. */
import type { AnyRequest, Sent } from '../../src/contract';
import type { Buffers, Model, Traits } from '../../src/explorer/model';

type Heard = (...given: never[]) => void;

export class FakeModel implements Model {
  readonly sent: AnyRequest[] = [];
  readonly saved: Partial<Traits>[] = [];
  private readonly listeners = new Map<string, Set<Heard>>();
  private changed: Partial<Traits> = {};

  constructor(private readonly traits: Partial<Traits> = {}) {}

  get<K extends keyof Traits>(name: K): Traits[K] | undefined {
    return this.traits[name];
  }

  set<K extends keyof Traits>(name: K, value: Traits[K]): void {
    this.traits[name] = value;
    this.changed[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {
    this.saved.push(this.changed);
    this.changed = {};
  }

  on(event: string, heard: Heard): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(heard));
  }

  off(event: string, heard: Heard): void {
    this.listeners.get(event)?.delete(heard);
  }

  send(message: unknown): void {
    this.sent.push(message as AnyRequest);
  }

  /** How many listeners stand. */
  get standing(): number {
    return [...this.listeners.values()].reduce((sum, one) => sum + one.size, 0);
  }

  /** The kernel says something. */
  say(message: Sent | Record<string, unknown>, buffers: Buffers = []): void {
    this.emit('msg:custom', message, buffers);
  }

  /** The last question of a type. */
  last(type: AnyRequest['type']): AnyRequest {
    const found = [...this.sent].reverse().find(one => one.type === type);
    if (!found) {
      throw new Error(`nobody asked for ${type}`);
    }
    return found;
  }

  /** The host says something. */
  emit(event: string, ...given: unknown[]): void {
    for (const heard of [...(this.listeners.get(event) ?? [])]) {
      (heard as (...all: unknown[]) => void)(...given);
    }
  }
}
