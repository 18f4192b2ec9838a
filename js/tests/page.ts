/** What jsdom lacks of a page: a canvas to draw on (nothing is seen), and what Lumino asks for. */
const context = new Proxy({} as Record<string, unknown>, {
  get: (kept, name: string) => {
    if (name === 'measureText') {
      return (text: string) => ({ width: 6 * text.length });
    }
    return name in kept ? kept[name] : () => undefined;
  },
});
HTMLCanvasElement.prototype.getContext = (() => context) as never;

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(globalThis, {
  DragEvent: MouseEvent,
  Path2D: class {},
  ResizeObserver: Observer,
});

/**
 * Watch the listeners on the window, which outlives a chart; the set holds those that still stand.
 * (Whatever jsdom itself listens to is of other types than the pointer events of a chart.)
 */
export function standingListeners(): Set<string> {
  const standing = new Set<string>();
  const ids = new Map<unknown, number>();
  const key = (type: string, listener: unknown) => {
    ids.set(listener, ids.get(listener) ?? ids.size);
    return `${type} ${ids.get(listener)}`;
  };
  const add = window.addEventListener.bind(window);
  const remove = window.removeEventListener.bind(window);
  window.addEventListener = ((...given: Parameters<typeof add>) => {
    if (/^(pointer|resize)/.test(given[0])) {
      standing.add(key(given[0], given[1]));
    }
    add(...given);
  }) as typeof add;
  window.removeEventListener = ((...given: Parameters<typeof remove>) => {
    standing.delete(key(given[0], given[1]));
    remove(...given);
  }) as typeof remove;
  return standing;
}
