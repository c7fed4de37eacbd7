import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Adds a row, begun by the commit that was run, to the table under a heading of a RUNS.md: every run is on record.
 * @param runs where the file is
 * @throws Error when it has no such heading
 */
export function recordRun(runs: URL, heading: string, cells: readonly (string | number)[]): void {
  const file = fileURLToPath(runs);
  const lines = readFileSync(file, 'utf8').split('\n');
  const begin = lines.indexOf(`## ${heading}`);
  if (begin < 0) throw new Error(`${file} has no heading "${heading}"`);
  const next = lines.findIndex((line, i) => i > begin && line.startsWith('## '));
  const last = lines.findLastIndex((line, i) => line.startsWith('|') && (next < 0 || i < next));
  lines.splice(last + 1, 0, `| ${[commitRun(file), ...cells].join(' | ')} |`);
  writeFileSync(file, lines.join('\n'));
}

/** What is checked out; marked where something else than the record of runs differs from it. */
function commitRun(file: string): string {
  const commit = execFileSync('git', ['describe', '--always'], { encoding: 'utf8' }).trim();
  const { status } = spawnSync('git', ['diff', '--quiet', 'HEAD', '--', ':/', `:(exclude)${file}`]);
  return status === 0 ? commit : `${commit}-dirty`;
}
