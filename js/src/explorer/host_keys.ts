/** Keys pressed in the explorer are the explorer's, not commands of the notebook around it. */

/** JupyterLab and Notebook pass over a key when the focused element itself carries this. */
const SUPPRESSES = 'data-lm-suppress-shortcuts';

/**
 * Keep the host's shortcuts away while the focus is inside `root` (`d d` would delete the cell), but for
 * those that no part of the explorer has: saving, and what is pressed with Ctrl or ⌘ and Shift.
 *
 * The window hears a key before the host does, wherever the host listens.
 */
export function keepKeys(root: HTMLElement, signal: AbortSignal): void {
  const pressed = (event: KeyboardEvent) => {
    const { target } = event;
    if (target instanceof Element && root.contains(target)) {
      target.toggleAttribute(SUPPRESSES, !isHosts(event));
    }
  };
  window.addEventListener('keydown', pressed, { signal, capture: true });
}

const isHosts = ({ ctrlKey, metaKey, shiftKey, key }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && (shiftKey || key.toLowerCase() === 's');
