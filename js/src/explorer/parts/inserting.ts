/** Code for the host around the explorer: `sidebar/panel.ts` writes it in a cell; a notebook's output does not. */

/** Whether the host takes code: it says so by `data-inserts`. */
export const takesCode = (inside: Element | null): boolean =>
  inside?.closest('[data-inserts]') != null;

/** Hand code to the host, and return whether it took it. */
export function handCode(from: Element, code: string): boolean {
  const options = { bubbles: true, cancelable: true, detail: code };
  return !from.dispatchEvent(new CustomEvent('hs-code', options));
}
