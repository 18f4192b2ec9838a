/**
 * Complete code so that a notebook that holds it runs from its first cell on: what loads the magic and
 * connects to the demo study stands before it, unless a cell has it already.
 *
 * @param demo - the code's data comes from the demo study
 * @param sources - the notebook's cells
 */
export function complete(code: string, demo: boolean, sources: readonly string[]): string {
  const has = (pattern: RegExp) => sources.some(one => pattern.test(one));
  const lines = [];
  if (/^%%?hs\b/m.test(code) && !has(/^\s*%(re)?load_ext\s+hs_jupyter\b/m)) {
    lines.push('%load_ext hs_jupyter');
  }
  if (demo && !has(/^\s*(\w+\s*=\s*)?(%hs\s+demo\b|\w+\.demo\()/m)) {
    lines.push(code.includes('%hs') ? '%hs demo' : 'hs.demo()');
  }
  return withHead(lines, code);
}

/** Python's own import stays first: `hs` stands for nothing before it. */
function withHead(lines: readonly string[], code: string): string {
  const [first = '', ...rest] = code.split('\n');
  return first.startsWith('import ')
    ? [first, ...lines, ...rest].join('\n')
    : [...lines, code].join('\n');
}
