/** Vega for a timeline: the page's, else the kernel's. */
import { borrowed, lend, type Vega } from '../../vega/lending';
import type { Wire } from '../wire';

/** Load Vega once for the page; without JupyterLab's extension it comes from the kernel, as a module. */
export async function loadVega(wire: Wire, signal: AbortSignal): Promise<Vega> {
  return (await borrowed()) ?? (await sent(wire, signal));
}

async function sent(wire: Wire, signal: AbortSignal): Promise<Vega> {
  const { result } = await wire.ask('vega', {}, { signal });
  const address = URL.createObjectURL(new Blob([result.module], { type: 'text/javascript' }));
  try {
    const vega: Vega = await import(address);
    lend(async () => vega);
    return vega;
  } finally {
    URL.revokeObjectURL(address);
  }
}
