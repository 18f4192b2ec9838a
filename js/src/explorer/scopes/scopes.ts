/** What the scope picker knows: lists as they are asked for, what is expanded, what is searched. */
import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal as value,
} from '@preact/signals';

import type { ScopeState } from '../../contract';
import { rowsOf } from '../arrow';
import { same } from '../state';
import { isCancelled, type Problem, type Wire } from '../wire';
import { experimentItem, foundItem, groupItem, noteItem, participantItem, roomItem } from './items';
import { type Item, type Line, linesOf } from './tree';

/** Milliseconds of rest after a letter before the known scopes are searched. */
const TYPING_MS = 120;

/** Milliseconds without a question after which a scope that was opened is known to be there or not. */
const REST_MS = 100;

const RECENT = 'recent';
const FOUND = 'found';

export interface Scopes {
  readonly lines: ReadonlySignal<readonly Line[]>;
  /** What is looked for; empty: the whole tree is shown. */
  readonly text: Signal<string>;
  /** What the search says besides its lines. */
  readonly sentence: ReadonlySignal<string>;
  readonly expanded: ReadonlySignal<ReadonlySet<string>>;
  toggle(item: Item): void;
  /** Find what is typed now: among what is known, else the service is asked for this very ID. */
  find(): Promise<readonly Item[]>;
  /** List everything again, from the service. */
  refresh(): void;
}

export function createScopes(
  wire: Wire,
  scope: ReadonlySignal<ScopeState | null>,
  failed: (error: unknown, again: () => void) => void,
  signal: AbortSignal,
): Scopes {
  const experiments = value<readonly Item[]>([]);
  const recent = value<readonly Item[]>([]);
  const below = value<ReadonlyMap<string, readonly Item[]>>(new Map());
  const expanded = value<ReadonlySet<string>>(new Set([RECENT]));
  const text = value('');
  const found = value<readonly Item[] | null>(null);
  const sentence = value('');
  let searching = new AbortController();
  let typing: ReturnType<typeof setTimeout> | undefined;

  const put = (key: string, items: readonly Item[]) => {
    below.value = new Map(below.peek()).set(key, items);
  };

  const roots = computed(() =>
    recent.value.length ? [groupItem(RECENT, 'Recent'), ...experiments.value] : experiments.value,
  );
  const lines = computed(() =>
    found.value
      ? linesOf(found.value, below.value, expanded.value)
      : linesOf(roots.value, new Map(below.value).set(RECENT, recent.value), expanded.value),
  );

  const listExperiments = async (refresh = false) => {
    try {
      const { tables, result } = await wire.ask('scopes', { parent: null, refresh });
      const items = rowsOf(tables, 'experiments').map(experimentItem);
      experiments.value = [...items, ...result.warnings.map(one => noteItem('', one))];
    } catch (error) {
      failed(error, () => listExperiments(refresh));
    }
  };

  const listRecent = async () => {
    try {
      const { tables } = await wire.ask('recent', {}, { quiet: true });
      recent.value = rowsOf(tables, 'found')
        .filter(row => row.opened_ms !== null)
        .map(row => foundItem(row, RECENT));
    } catch {
      // A convenience: without it the tree is whole.
    }
  };

  const listBelow = async ({ key, scope: parent }: Item, refresh = false) => {
    if (!parent) {
      return;
    }
    put(key, below.peek().get(key) ?? [noteItem(key, 'Loading …')]);
    try {
      const { tables, result } = await wire.ask('scopes', { parent, refresh });
      const items =
        parent.kind === 'experiment'
          ? rowsOf(tables, 'rooms').map(roomItem)
          : rowsOf(tables, 'participants').map(row => participantItem(row, parent.id));
      const notes = result.warnings.map(one => noteItem(key, one));
      const none = parent.kind === 'experiment' ? 'No room yet.' : 'Nobody took part.';
      put(key, items.length + notes.length ? [...items, ...notes] : [noteItem(key, none)]);
    } catch (error) {
      if (!isCancelled(error)) {
        put(key, [noteItem(key, (error as Problem).message)]);
      }
    }
  };

  const search = async (ask: boolean): Promise<readonly Item[]> => {
    searching.abort();
    searching = new AbortController();
    try {
      const question = { text: text.peek().trim(), ask };
      const { result, tables } = await wire.ask('find', question, { signal: searching.signal });
      const items = rowsOf(tables, 'found').map(row => foundItem(row, FOUND));
      batch(() => {
        found.value = items.map(item => ({ ...item, opens: item.kind !== 'participant' }));
        sentence.value =
          result.sentence ?? (items.length || ask ? '' : 'Not known here. Enter asks the service.');
      });
      return items;
    } catch (error) {
      failed(error, () => search(ask));
      return [];
    }
  };

  const stopSearch = effect(() => {
    const typed = text.value.trim();
    searching.abort();
    if (!typed) {
      batch(() => {
        found.value = null;
        sentence.value = '';
      });
      return;
    }
    typing = setTimeout(() => search(false), TYPING_MS);
    return () => clearTimeout(typing);
  });
  // What is opened becomes recent, wherever it was opened; once the kernel knows whether it is there at all.
  let before: ScopeState | null = null;
  const stopRecent = effect(() => {
    const now = scope.value;
    if (same(now, before) || wire.waiting.value) {
      return;
    }
    const resting = setTimeout(() => {
      before = now;
      void listRecent();
    }, REST_MS);
    return () => clearTimeout(resting);
  });
  signal.addEventListener('abort', () => {
    stopSearch();
    stopRecent();
    searching.abort();
  });
  void listExperiments();
  void listRecent();

  return {
    lines,
    text,
    sentence,
    expanded,
    toggle: item => {
      const next = new Set(expanded.peek());
      if (!next.delete(item.key)) {
        next.add(item.key);
        if (item.key !== RECENT && !below.peek().has(item.key)) {
          void listBelow(item);
        }
      }
      expanded.value = next;
    },
    find: async () => {
      clearTimeout(typing);
      const known = await search(false);
      return known.length ? known : search(true);
    },
    refresh: () => {
      void listExperiments(true);
      const open = lines.peek().filter(line => line.expanded && line.item.scope);
      const kept = new Set(open.map(line => line.item.key));
      below.value = new Map([...below.peek()].filter(([key]) => kept.has(key)));
      for (const { item } of open) {
        void listBelow(item, true);
      }
    },
  };
}
