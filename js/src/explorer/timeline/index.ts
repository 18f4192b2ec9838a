/** The timeline, live: draws what the kernel answers to `timeline`, and moves window, cursor and selection. */
import type { State } from '../state';
import type { Wire } from '../wire';

/**
 * Show the timeline of the open scope in an element, until the signal ends.
 *
 * @param host - empty, inside the figure 'Timeline'
 */
export function mountTimeline(
  host: HTMLElement,
  _wire: Wire,
  _state: State,
  signal: AbortSignal,
): void {
  signal.addEventListener('abort', () => host.replaceChildren());
}
