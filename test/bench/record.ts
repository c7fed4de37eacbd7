import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);

/** Adds a row, begun by the commit that was run, to the table under a heading of RUNS.md. */
export function record(heading: string, cells: readonly (string | number)[]): void {
  recordRun(RUNS, heading, cells);
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
