import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { Icon, type IconName } from './icons';

const GAP_PX = 4;

interface Props {
  /** What the button says; also the name of what opens. */
  label: string;
  /** Said beside the label: what is chosen. */
  value?: string;
  icon?: IconName;
  disabled?: boolean;
  children: ComponentChildren;
}

/** A button that opens a small panel above everything; Escape or a click outside closes it. */
export function Popover({ label, value, icon, disabled = false, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useLayoutEffect(() => {
    const node = panel.current;
    if (!node) {
      return;
    }
    const ended = new AbortController();
    const { signal } = ended;
    node.addEventListener('toggle', event => setOpen(event.newState === 'open'), { signal });
    return () => ended.abort();
  }, []);

  useLayoutEffect(() => {
    if (!open || !button.current || !panel.current) {
      return;
    }
    place(panel.current, button.current);
    panel.current.querySelector<HTMLElement>('input, button')?.focus();
    const ended = new AbortController();
    const { signal } = ended;
    // What it hangs from moves away beneath it.
    const moved = (event: Event) =>
      panel.current?.contains(event.target as Node) || panel.current?.hidePopover();
    window.addEventListener('scroll', moved, { signal, capture: true, passive: true });
    window.addEventListener('resize', () => panel.current?.hidePopover(), { signal });
    return () => ended.abort();
  }, [open]);

  return (
    <div class="hs-Popover">
      <button
        ref={button}
        type="button"
        class="hs-Button"
        aria-expanded={open}
        aria-haspopup="dialog"
        aria-label={value ? `${label}: ${value}` : label}
        disabled={disabled}
        popovertarget={id}
      >
        {icon && <Icon name={icon} />}
        <span class="hs-Popover-label">{label}</span>
        {value && (
          <>
            {/* The space belongs to the words: the name says the same. */}{' '}
            <span class="hs-Popover-value">{value}</span>
          </>
        )}
        <Icon name="down" />
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="hs-Popover-panel"
        role="dialog"
        aria-label={label}
      >
        {open && children}
      </div>
    </div>
  );
}

/** Below the button, or above it where there is more room, inside the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const { left, top, bottom } = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = window.innerHeight - bottom - GAP_PX;
  const above = top - GAP_PX;
  const y = height > below && above > below ? Math.max(0, above - height) : bottom + GAP_PX;
  panel.style.left = `${Math.max(0, Math.min(left, window.innerWidth - width - 2 * GAP_PX))}px`;
  panel.style.top = `${y}px`;
  panel.style.maxHeight = `${Math.max(above, below)}px`;
}
