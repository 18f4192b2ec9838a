/** Pointer, wheel and keys on the stage, until the signal ends. */
import {
  begin,
  CLICK_PX,
  type Drag,
  dragged,
  edgeAt,
  pinched,
  secAt,
  selected,
  wheeled,
} from './drags';
import { type Action, actionOf } from './keys';
import type { Span } from './span';
import type { Timeline } from './timeline';

export interface Heard {
  /** The pointer is over a place of the stage, or gone. */
  over(place: { x: number; y: number } | null): void;
  /** A place was clicked; true: something there took it. */
  click(place: { x: number; y: number }): boolean;
  /** A key was pressed; false: it is for the page. */
  act(action: Action): boolean;
}

/** A press of the pointer that may become a drag. */
interface Press {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly drag: Drag;
  readonly before: Span | null;
  moved: boolean;
}

export function listen(
  stage: HTMLElement,
  timeline: Timeline,
  heard: Heard,
  signal: AbortSignal,
): void {
  let press: Press | null = null;
  const touches = new Map<number, number>();
  let pinch: { readonly touched: Span } | null = null;

  /** A place on the stage, x from the left edge of the plots. */
  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left - timeline.measures.peek().labels, y: clientY - top };
  };
  const isInside = ({ x, y }: { x: number; y: number }) => {
    const boxes = timeline.boxes.peek();
    const [first, last] = [boxes[0], boxes.at(-1)];
    return (
      !!first &&
      !!last &&
      x >= 0 &&
      x <= timeline.ground.width &&
      y >= first.top - 18 &&
      y <= last.top + last.height
    );
  };
  const fingers = (): Span => [...touches.values()].slice(0, 2) as unknown as Span;

  const down = (event: PointerEvent) => {
    const place = placeOf(event);
    if (event.button !== 0 || !timeline.frame.peek() || !isInside(place)) {
      return;
    }
    if (event.pointerType === 'touch') {
      touches.set(event.pointerId, place.x);
      if (touches.size === 2) {
        cancel();
        const [one, other] = fingers();
        pinch = { touched: [secAt(one, timeline.ground), secAt(other, timeline.ground)] };
        return;
      }
    }
    const { ground } = timeline;
    const drag = begin(place.x, event.shiftKey, ground);
    press = { id: event.pointerId, ...place, drag, before: ground.selection, moved: false };
  };

  const move = (event: PointerEvent) => {
    const place = placeOf(event);
    if (touches.has(event.pointerId)) {
      touches.set(event.pointerId, place.x);
    }
    if (pinch && touches.size >= 2) {
      timeline.show(pinched(pinch.touched, fingers(), timeline.ground));
      return;
    }
    if (press?.id === event.pointerId) {
      if (!press.moved && Math.hypot(place.x - press.x, place.y - press.y) < CLICK_PX) {
        return;
      }
      if (!press.moved) {
        press.moved = true;
        // Only now: a captured pointer clicks nothing that lies under it.
        stage.setPointerCapture(event.pointerId);
        stage.dataset.drag = press.drag.kind;
        heard.over(null);
      }
      follow(press.drag, place.x, false);
      return;
    }
    const inside = isInside(place);
    stage.dataset.edge = inside && edgeAt(place.x, timeline.ground) ? 'true' : 'false';
    heard.over(inside ? place : null);
    timeline.point(inside ? secAt(place.x, timeline.ground) : null);
  };

  const follow = (drag: Drag, x: number, rests: boolean) => {
    if (drag.kind === 'pan') {
      timeline.show(dragged(drag, x, timeline.ground));
    } else {
      timeline.select(selected(drag.fixed, x, timeline.ground), rests);
      timeline.point(secAt(x, timeline.ground));
    }
  };

  const up = (event: PointerEvent) => {
    touches.delete(event.pointerId);
    if (pinch && touches.size < 2) {
      pinch = null;
      timeline.settle();
      return;
    }
    if (press?.id !== event.pointerId) {
      return;
    }
    const { drag, moved } = press;
    press = null;
    delete stage.dataset.drag;
    const place = placeOf(event);
    if (moved) {
      follow(drag, place.x, true);
      timeline.settle();
      // The click that follows belongs to the drag.
      const swallow = (click: Event) => click.stopPropagation();
      stage.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => stage.removeEventListener('click', swallow, { capture: true }));
    } else if (!heard.click(place)) {
      timeline.point(secAt(place.x, timeline.ground), true);
    }
  };

  /** Give up what is being dragged; a selection is again what it was. */
  const cancel = () => {
    if (press?.moved && press.drag.kind === 'select') {
      timeline.select(press.before, true);
    }
    press = null;
    delete stage.dataset.drag;
  };

  const wheel = (event: WheelEvent) => {
    const place = placeOf(event);
    if ((event.ctrlKey || event.metaKey) && timeline.frame.peek() && isInside(place)) {
      event.preventDefault();
      timeline.show(wheeled(place.x, event, timeline.ground));
    }
  };

  const key = (event: KeyboardEvent) => {
    const action = event.target === stage ? actionOf(event) : null;
    if (event.key === 'Escape' && press) {
      cancel();
      event.preventDefault();
    } else if (action && heard.act(action)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  stage.addEventListener('pointerdown', down, { signal });
  stage.addEventListener('pointermove', move, { signal });
  stage.addEventListener('pointerup', up, { signal });
  stage.addEventListener(
    'pointercancel',
    event => {
      touches.delete(event.pointerId);
      pinch = null;
      cancel();
    },
    { signal },
  );
  stage.addEventListener(
    'pointerleave',
    () => {
      if (!press?.moved) {
        heard.over(null);
        timeline.point(null);
      }
    },
    { signal },
  );
  stage.addEventListener('wheel', wheel, { signal, passive: false });
  stage.addEventListener('keydown', key, { signal });
  stage.addEventListener('blur', () => heard.over(null), { signal });
  // Safari pinches with gestures of its own, which would zoom the page.
  stage.addEventListener('gesturestart', event => event.preventDefault(), { signal });
}
