/** The timeline, live: draws what the kernel answers to `timeline`, and moves window, cursor and selection. */
import { h, render } from 'preact';

import { Timeline, type Tools } from './timeline';
import { TimelineView } from './view';

/**
 * Show the timeline of the open scope in an element, until the signal ends.
 *
 * @param host - empty, inside the figure 'Timeline'
 */
export function mountTimeline(host: HTMLElement, tools: Tools): void {
  const timeline = new Timeline(tools);
  render(h(TimelineView, { timeline, tools }), host);
  tools.signal.addEventListener('abort', () => render(null, host));
}
