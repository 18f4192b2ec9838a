/**
 * One Vega in a page: JupyterLab's extension lends its own to every explorer, and so does the first
 * explorer where there is no extension. They meet under a name in the page, since they are built apart.
 */
export type Vega = typeof import('./index');

type Lender = () => Promise<Vega>;

/** Explorer and extension may be of different installations: only those of one version share. */
export const VERSION = '0.1.0';

const NAME = Symbol.for(`hs-jupyter ${VERSION}: Vega`);
const page = globalThis as { [NAME]?: Lender };

/** Let explorers in this page take this Vega; it is loaded when the first one does. */
export function lend(lender: Lender): void {
  page[NAME] ??= lender;
}

/** Take the Vega that somebody lends, if somebody does. */
export async function borrowed(): Promise<Vega | null> {
  try {
    return (await page[NAME]?.()) ?? null;
  } catch {
    delete page[NAME]; // its file is gone: the server was changed since the page came
    return null;
  }
}
