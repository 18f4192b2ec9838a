/** Brushes that the pointer passes through. */
import type { Mark, Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/**
 * Let the pointer through the brushes of a chart that asks for it in its `usermeta`.
 *
 * Vega-Lite lays a brush over everything in its row, and the marks beneath no longer feel the pointer:
 * no cursor and no values in just the window that was marked. An open brush cannot be dragged along; a
 * drag in it begins a new one. Charts that do not ask keep Vega-Lite's way.
 */
export function openBrushes(vega: Spec, { usermeta }: TopLevelSpec): Spec {
  const asked = (usermeta as { hs_jupyter?: { brush?: unknown } } | undefined)?.hs_jupyter?.brush;
  return asked === 'open' && vega.marks ? { ...vega, marks: vega.marks.map(opened) } : vega;
}

function opened(mark: Mark): Mark {
  if (mark.type === 'group') {
    return mark.marks ? { ...mark, marks: mark.marks.map(opened) } : mark;
  }
  return mark.name?.endsWith('_brush') ? { ...mark, interactive: false } : mark;
}
