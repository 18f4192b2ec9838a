import type { Loader } from 'vega';

/** Data that stays in the notebook: the only addresses a chart may name. */
const isImage = (uri: string) => /^data:image\/(png|jpeg|gif|webp);base64,/i.test(uri);
const isData = (uri: string) => /^data:/i.test(uri);

/**
 * Make a Vega loader that never leaves the page.
 *
 * Inline data does not pass here. `data:` addresses are read, `data:` pictures are shown, and
 * everything else (files, hosts, links in marks) is refused: a notebook from a colleague makes no
 * request, and a saved one draws with the network off.
 *
 * @param refused - told the address of every refused load
 */
export function offlineLoader(refused: (uri: string) => void): Loader {
  const refuse = (uri: string): never => {
    refused(uri);
    throw new Error('a plot loads nothing from outside its notebook');
  };
  return {
    load: async uri => (isData(uri) ? (await fetch(uri)).text() : refuse(uri)),
    sanitize: async (uri, options) => {
      if (options?.context === 'href') {
        throw new Error('links in marks are off');
      }
      return isImage(uri) ? { href: uri } : refuse(uri);
    },
    http: async uri => refuse(uri),
    file: async uri => refuse(uri),
  };
}

/** Say in one line that data is missing, naming hosts only (the rest may be long, or private). */
export function refusalNote(uris: Iterable<string>): string {
  const places = [...new Set([...uris].map(placeOf))];
  return `Not shown: data from outside this notebook (${places.join(', ')}). Plots load nothing; keep the data in the chart.`;
}

function placeOf(uri: string): string {
  const host = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(uri)?.[1];
  const place = host ?? uri.split(/[?#]/)[0] ?? '';
  return place.length > 40 ? `${place.slice(0, 39)}…` : place;
}
