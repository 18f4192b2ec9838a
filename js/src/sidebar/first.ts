/** The first lines on the demo study, in a notebook of its own. */
import { UUID } from '@lumino/coreutils';

const LINES = ['%load_ext hs_jupyter\n%hs demo', '%hs plot room room_pair_01'];

export interface Spec {
  readonly name: string;
  readonly display_name: string;
  readonly language: string;
}

/** The default kernel where it is a Python, else the first that is. */
export function pythonOf(
  specs: {
    readonly default: string;
    readonly kernelspecs: Readonly<Record<string, Spec | undefined>>;
  } | null,
): Spec {
  const all = Object.values(specs?.kernelspecs ?? {}).filter(one => one !== undefined);
  const pythons = all.filter(one => one.language.toLowerCase() === 'python');
  const found = pythons.find(one => one.name === specs?.default) ?? pythons[0];
  if (!found) {
    throw new Error('this server has no Python kernel');
  }
  return found;
}

/** A notebook file with the first lines on the demo study. */
export function firstNotebook({ name, display_name, language }: Spec) {
  const cell = (source: string) => ({
    id: UUID.uuid4(),
    cell_type: 'code',
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  });
  return {
    cells: LINES.map(cell),
    metadata: { kernelspec: { name, display_name, language } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
