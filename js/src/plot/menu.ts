/** Save a picture of the chart: the only actions of a plot, since all others would leave the machine. */
export function saveMenu(picture: (format: 'png' | 'svg') => Promise<string>): HTMLElement {
  const menu = document.createElement('div');
  menu.className = 'hs-Plot-menu';
  menu.setAttribute('role', 'group');
  menu.setAttribute('aria-label', 'Save this chart');
  for (const format of ['png', 'svg'] as const) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = format.toUpperCase();
    button.title = `Save this chart as ${format.toUpperCase()}`;
    button.setAttribute('aria-label', button.title);
    button.onclick = async () => download(await picture(format), `chart.${format}`);
    menu.append(button);
  }
  return menu;
}

function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
