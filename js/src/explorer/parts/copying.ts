/** Put a text on the clipboard; a text that is still to come may be promised. */
export async function copy(text: string | Promise<string>): Promise<void> {
  const coming = Promise.resolve(text);
  const blob = coming.then(ready => new Blob([ready], { type: 'text/plain' }));
  blob.catch(() => {}); // told below
  try {
    // Handed over while it is still to come: later, a browser may no longer take it for the click's doing.
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  } catch {
    // Not allowed here (an insecure page, a frame): the old way may be. Or the text did not come.
    copyMarked(await coming);
  }
}

function copyMarked(text: string): void {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
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
