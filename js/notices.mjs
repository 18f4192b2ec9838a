/**
 * Write the licences of what the explorer's modules hold: `node notices.mjs METAFILE TEXTFILE`.
 *
 * esbuild's metafile says which packages it bundled.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that come with others inside. */
const INSIDE = {
  'd3-delaunay': ['delaunator', 'robust-predicates'],
  'vega-lite': ['json-stringify-pretty-compact'],
};

const [metafile, target] = process.argv.slice(2);
const { inputs } = JSON.parse(readFileSync(metafile, 'utf-8'));

const bundled = Object.keys(inputs).flatMap(input => {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
  const inside = INSIDE[folder?.split('node_modules/').at(-1)] ?? [];
  return folder ? [folder, ...inside.map(name => join('node_modules', name))] : [];
});
const notices = [...new Set(bundled.map(notice))].sort();
writeFileSync(target, `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);

function notice(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf-8'),
  );
  const file = readdirSync(folder).find(one => /^licen[cs]e/i.test(one));
  if (!file) {
    throw new Error(`${name} comes without a licence`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf-8').trim()}`;
}
