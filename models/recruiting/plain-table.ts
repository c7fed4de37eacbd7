import type { FeatureTable } from '../../features/index.ts';

/** A table as it came: text in columns, a row each. */
export interface PlainRows {
  header: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A plain table made ready to learn from. */
export interface LabelledTable {
  table: FeatureTable;
  /** 1 where the label says so, 0 where it is empty. */
  labels: Uint8Array;
  /** Columns that say nothing, and why. */
  leftOut: { column: string; why: string }[];
}

/** What stands for nothing in files that people export. */
const EMPTY = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);
/** Words that fewer rows have are one: they say too little each. */
const FEWEST_ROWS = 10;
const MOST_WORDS = 50;
/** A column in which most words stand in one row only names rows. */
const NAMES_SHARE = 0.5;

/**
 * Takes a table apart into numbers: a column of numbers stays one (unknown where empty), a column of words becomes a
 * flag for each word that ten rows have (rare words share one flag; all are unknown where it is empty).
 * @param label the column that is 1 where a row is positive and empty or 0 where it is not known to be
 * @throws RangeError when there is no such column, it holds anything else, or either kind of row is missing
 */
export function labelledTable({ header, rows }: PlainRows, label: string): LabelledTable {
  const place = header.indexOf(label);
  if (place < 0) throw new RangeError(`there is no column "${label}"; the columns are ${header.join(', ')}`);
  const labels = readLabels(rows, place, label);
  const columns: { name: string; values: Float32Array }[] = [];
  const leftOut: LabelledTable['leftOut'] = [];
  header.forEach((column, i) => {
    if (i === place) return;
    const cells = rows.map((row) => (row[i] ?? '').trim());
    const made = columnsFrom(column, cells);
    if (typeof made === 'string') leftOut.push({ column, why: made });
    else columns.push(...made);
  });
  if (columns.length === 0) {
    const why = leftOut.map(({ column, why: said }) => `${column} ${said}`).join(', ');
    throw new RangeError(`there is nothing to learn from beside "${label}"${why === '' ? '' : `: ${why}`}`);
  }
  return { table: tableOf(columns, rows.length), labels, leftOut };
}

function readLabels(rows: readonly (readonly string[])[], place: number, label: string): Uint8Array {
  const labels = Uint8Array.from(rows, (row, i) => {
    const cell = (row[place] ?? '').trim();
    if (cell !== '' && !(Number(cell) === 1 || Number(cell) === 0)) {
      throw new RangeError(`row ${i + 1} has "${cell}" in "${label}"; write 1 for positive and leave all others empty`);
    }
    return cell !== '' && Number(cell) === 1 ? 1 : 0;
  });
  const positives = labels.reduce((sum, each) => sum + each, 0);
  if (positives === 0) throw new RangeError(`no row has a 1 in "${label}": there is nothing to be like`);
  if (positives === rows.length) throw new RangeError(`every row has a 1 in "${label}": there is nobody to rank`);
  return labels;
}

/** The columns of numbers that a column of text makes; why it makes none as text. */
function columnsFrom(column: string, cells: readonly string[]): { name: string; values: Float32Array }[] | string {
  const known = cells.filter((cell) => !EMPTY.has(cell.toLowerCase()));
  if (known.length === 0) return 'is empty';
  if (known.every((cell) => cell === known[0]) && known.length === cells.length) return 'is the same in all rows';
  if (known.every((cell) => Number.isFinite(Math.fround(Number(cell))))) {
    const values = Float32Array.from(cells, (cell) => (EMPTY.has(cell.toLowerCase()) ? Number.NaN : Number(cell)));
    return [{ name: column, values }];
  }
  const words = new Map<string, number>();
  for (const word of known) words.set(word, (words.get(word) ?? 0) + 1);
  const single = [...words.values()].filter((count) => count === 1).length;
  if (words.size > MOST_WORDS && single > NAMES_SHARE * words.size) return 'names rows, hardly any word twice';
  return flagsFor(column, cells, words);
}

function flagsFor(column: string, cells: readonly string[], words: ReadonlyMap<string, number>) {
  const frequent = [...words]
    .filter(([, count]) => count >= FEWEST_ROWS)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
  const own = new Map(frequent.map((word, i) => [word, i]));
  const names = frequent.map((word) => `${column}=${word}`);
  if (frequent.length < words.size) names.push(`${column} is another`);
  const flags = names.map((name) => ({ name, values: new Float32Array(cells.length) }));
  cells.forEach((cell, row) => {
    const unknown = EMPTY.has(cell.toLowerCase());
    const place = own.get(cell) ?? names.length - 1;
    for (const [i, { values }] of flags.entries()) values[row] = unknown ? Number.NaN : Number(i === place);
  });
  return flags;
}

function tableOf(columns: readonly { name: string; values: Float32Array }[], rows: number): FeatureTable {
  return {
    names: columns.map(({ name }) => name),
    entities: Array.from({ length: rows }, (_, row) => String(row + 1)),
    cutoffs: new Float64Array(rows),
    columns: columns.map(({ values }) => values),
    atRisk: new Uint8Array(rows).fill(1),
    peers: new Array<string>(rows).fill(''),
  };
}
