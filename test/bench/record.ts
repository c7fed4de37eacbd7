import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RUNS = fileURLToPath(new URL('./RUNS.md', import.meta.url));

/** Adds a row, begun by the commit that was run, to the table under a heading of RUNS.md: every run is on record. */
export function record(heading: string, cells: readonly (string | number)[]): void {
  const lines = readFileSync(RUNS, 'utf8').split('\n');
  const begin = lines.indexOf(`## ${heading}`);
  if (begin < 0) throw new Error(`RUNS.md has no heading "${heading}"`);
  const next = lines.findIndex((line, i) => i > begin && line.startsWith('## '));
  const last = lines.findLastIndex((line, i) => line.startsWith('|') && (next < 0 || i < next));
  lines.splice(last + 1, 0, `| ${[commitRun(), ...cells].join(' | ')} |`);
  writeFileSync(RUNS, lines.join('\n'));
}

/** What is checked out; marked where something else than the record of runs differs from it. */
function commitRun(): string {
  const commit = execFileSync('git', ['describe', '--always'], { encoding: 'utf8' }).trim();
  const { status } = spawnSync('git', ['diff', '--quiet', 'HEAD', '--', ':/', ':(top,exclude)test/bench/RUNS.md']);
  return status === 0 ? commit : `${commit}-dirty`;
}

/** One line for who runs the bench. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The middle one of some numbers, or halfway between the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
