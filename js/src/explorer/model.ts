/** All that the explorer knows of its host: anywidget's interface to a widget's model. */
import type { PlaceState, ScopeState, SelectionState } from '../contract';

/** The traits that travel. */
export interface Traits {
  _scope: ScopeState | null;
  _selection: SelectionState;
  _place: PlaceState;
}

/** A comm's buffers arrive as views into a larger one. */
export type Buffers = readonly (ArrayBuffer | ArrayBufferView)[];

export interface Model {
  get<K extends keyof Traits>(name: K): Traits[K] | undefined;
  set<K extends keyof Traits>(name: K, value: Traits[K]): void;
  save_changes(): void;
  on(event: 'msg:custom', heard: (message: unknown, buffers: Buffers) => void): void;
  on(event: `change:${keyof Traits}`, heard: () => void): void;
  /** Hosts of ipywidgets say so when the line to the kernel opens or is cut. */
  on(event: 'comm_live_update', heard: () => void): void;
  off(event: string, heard: (...given: never[]) => void): void;
  send(message: unknown): void;
}
