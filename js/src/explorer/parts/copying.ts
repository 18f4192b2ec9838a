/** Put a text on the clipboard; a text that is still to come is waited for. */
export async function copy(text: string | Promise<string>): Promise<void> {
  const ready = await text;
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(ready);
      return;
    } catch {
      // Not allowed here (an insecure page, a frame): the old way may be.
    }
  }
  const area = document.createElement('textarea');
  const focused = document.activeElement;
  area.value = ready;
  area.className = 'hs-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  (focused as HTMLElement | null)?.focus?.();
  if (!copied) {
    throw new Error('the browser does not let this page copy');
  }
}
