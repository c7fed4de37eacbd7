import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Feature tables as plain files, so that programs in other languages can be compared with: `about.json` with names and
 * count of rows, `keys.bin` with an Int32 pair per row (number of the cutoff, number of the partner), and `values.bin`
 * with Float32 columns one after the other. Numbers are little-endian.
 */

interface About {
  names: string[];
  rows: number;
}

/** How far two tables are apart. */
export interface Comparison {
  rows: number;
  features: number;
  /** Values that are not the same to the last bit. */
  inexact: number;
}

/**
 * The last place of a float: a number that is rounded to 32 bits from two doubles that differ in their own last places
 * can be one float up or down, and no more.
 */
const TOLERANCE = 2 ** -23;

/** @param columns one per name, in the order of the rows */
export function writeTable(
  directory: string,
  names: readonly string[],
  keys: Int32Array,
  columns: Iterable<Float32Array>,
): void {
  mkdirSync(directory, { recursive: true });
  const about: About = { names: [...names], rows: keys.length / 2 };
  writeFileSync(join(directory, 'about.json'), JSON.stringify(about));
  writeFileSync(join(directory, 'keys.bin'), keys);
  const file = openSync(join(directory, 'values.bin'), 'w');
  for (const column of columns) writeSync(file, column);
  closeSync(file);
}

/**
 * Compares two tables: the same rows in the same order, the same features by name, values equal but for the last place.
 * @throws Error that names the first thing that differs
 */
export function compareTables(one: string, other: string): Comparison {
  const [a, b] = [aboutOf(one), aboutOf(other)];
  if (a.names.join() !== b.names.join()) throw new Error(`${one} and ${other} do not have the same features`);
  if (!readFileSync(join(one, 'keys.bin')).equals(readFileSync(join(other, 'keys.bin'))))
    throw new Error(`${one} with ${a.rows} rows and ${other} with ${b.rows} do not have the same rows`);
  const comparison: Comparison = { rows: a.rows, features: a.names.length, inexact: 0 };
  const [left, right] = [columnsOf(one, a), columnsOf(other, b)];
  for (const name of a.names) {
    const [these, those] = [left.next().value as Float32Array, right.next().value as Float32Array];
    comparison.inexact += inexactIn(these, those, `${name} of ${one} and ${other}`);
  }
  return comparison;
}

function inexactIn(these: Float32Array, those: Float32Array, what: string): number {
  let inexact = 0;
  for (let row = 0; row < these.length; row++) {
    const [a, b] = [these[row], those[row]];
    if (a === b) continue;
    // A value that is not known is equal to nothing.
    if (!(Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))))
      throw new Error(`${what} differ in row ${row}: ${a} and ${b}`);
    inexact++;
  }
  return inexact;
}

function aboutOf(directory: string): About {
  return JSON.parse(readFileSync(join(directory, 'about.json'), 'utf8')) as About;
}

function* columnsOf(directory: string, { names, rows }: About): Generator<Float32Array> {
  const file = openSync(join(directory, 'values.bin'), 'r');
  try {
    for (let i = 0; i < names.length; i++) {
      const column = new Float32Array(rows);
      if (readSync(file, column, 0, column.byteLength, i * column.byteLength) < column.byteLength)
        throw new Error(`${directory} ends within ${names[i]}`);
      yield column;
    }
  } finally {
    closeSync(file);
  }
}
