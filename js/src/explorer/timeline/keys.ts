/** What keys do in the timeline. */

export type Action =
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'whole' }
  /** Shares of the window; positive is later. */
  | { readonly do: 'pan'; readonly by: number }
  | { readonly do: 'point'; readonly by: number; readonly mark: boolean }
  | { readonly do: 'edge'; readonly to: 'start' | 'end'; readonly mark: boolean }
  | { readonly do: 'line'; readonly by: -1 | 1 }
  | { readonly do: 'open' }
  | { readonly do: 'leave' };

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export const ZOOM = 2;
const STEP = 0.01;
const STRIDE = 0.1;
const PAGE = 0.5;

/** The keys in a sentence, for readers who cannot see the chart. */
export const HELP =
  'Arrow keys move the cursor, with Control by larger steps; with Shift they select. Plus and minus zoom, 0 shows everything, Page Up and Page Down move the window, Escape clears the selection. Among many lines, Up and Down name one at the cursor; in an experiment, Enter opens its room.';

/** What a key does; null: it is not the timeline's. */
export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Pressed): Action | null {
  const command = ctrlKey || metaKey;
  if (altKey) {
    return null;
  }
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const by = (command ? STRIDE : STEP) * (key === 'ArrowLeft' ? -1 : 1);
      return { do: 'point', by, mark: shiftKey };
    }
    case 'ArrowUp':
    case 'ArrowDown':
      return command || shiftKey ? null : { do: 'line', by: key === 'ArrowUp' ? -1 : 1 };
    case 'Enter':
      return command || shiftKey ? null : { do: 'open' };
    case 'Home':
    case 'End':
      return command ? null : { do: 'edge', to: key === 'Home' ? 'start' : 'end', mark: shiftKey };
    case 'PageUp':
    case 'PageDown':
      return command ? null : { do: 'pan', by: key === 'PageUp' ? -PAGE : PAGE };
    case '+':
    case '=':
      return command ? null : { do: 'zoom', factor: 1 / ZOOM };
    case '-':
    case '_':
      return command ? null : { do: 'zoom', factor: ZOOM };
    case '0':
      return command ? null : { do: 'whole' };
    case 'Escape':
      return { do: 'leave' };
    default:
      return null;
  }
}
