import { pick } from './pick.ts';
import type { Instant } from './time.ts';

/** Features of many partners at many cutoffs, column by column; ordered by cutoff, then as the partners came. */
export interface FeatureTable {
  names: readonly string[];
  entities: readonly string[];
  cutoffs: Float64Array;
  /** One column per name; NaN is unknown. */
  columns: readonly Float32Array[];
  /** 1 where the view's model is asked about the row. */
  atRisk: Uint8Array;
  /** What each row may be compared among, its type and region; empty where neither is known. */
  peers: readonly string[];
}

/** How many rows a table has. */
export function rowCount(table: FeatureTable): number {
  return table.cutoffs.length;
}

/**
 * One column of a table.
 * @throws RangeError naming the columns there are
 */
export function column(table: FeatureTable, name: string): Float32Array {
  const index = table.names.indexOf(name);
  if (index < 0) throw new RangeError(`no feature "${name}"; the table has ${table.names.join(', ')}`);
  return table.columns[index];
}

/** The rows at the given places, in that order. */
export function selectRows(table: FeatureTable, rows: readonly number[]): FeatureTable {
  return {
    names: table.names,
    entities: rows.map((row) => table.entities[row]),
    cutoffs: pick(table.cutoffs, rows, new Float64Array(rows.length)),
    columns: table.columns.map((values) => pickFloats(values, rows)),
    atRisk: pick(table.atRisk, rows, new Uint8Array(rows.length)),
    peers: rows.map((row) => table.peers[row]),
  };
}

/** The same as `pick` for the column of a feature: a loop that sees one kind of array only is ten times as fast. */
function pickFloats(from: Float32Array, rows: readonly number[]): Float32Array {
  const into = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) into[i] = from[rows[i]];
  return into;
}

/** The rows `from` to `to`, seen in place. */
export function rowsBetween(table: FeatureTable, from: number, to: number): FeatureTable {
  return {
    names: table.names,
    entities: table.entities.slice(from, to),
    cutoffs: table.cutoffs.subarray(from, to),
    columns: table.columns.map((values) => values.subarray(from, to)),
    atRisk: table.atRisk.subarray(from, to),
    peers: table.peers.slice(from, to),
  };
}

/**
 * The rows of one table after the other.
 * @throws RangeError when there is no table, or they differ in their columns
 */
export function joinTables(tables: readonly FeatureTable[]): FeatureTable {
  if (tables.length === 0) throw new RangeError('there is no table to join');
  const { names } = tables[0];
  if (tables.some((table) => table.names.join() !== names.join())) throw new RangeError('the tables differ in columns');
  const rows = tables.reduce((sum, table) => sum + rowCount(table), 0);
  const joined: FeatureTable = {
    names,
    entities: tables.flatMap(({ entities }) => entities),
    peers: tables.flatMap(({ peers }) => peers),
    cutoffs: new Float64Array(rows),
    columns: names.map(() => new Float32Array(rows)),
    atRisk: new Uint8Array(rows),
  };
  let from = 0;
  for (const table of tables) {
    joined.cutoffs.set(table.cutoffs, from);
    joined.atRisk.set(table.atRisk, from);
    table.columns.forEach((values, i) => {
      joined.columns[i].set(values, from);
    });
    from += rowCount(table);
  }
  return joined;
}

/** The places of the rows that a test holds for. */
export function rowsWhere(table: FeatureTable, holds: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < rowCount(table); row++) if (holds(row)) rows.push(row);
  return rows;
}

/** The rows of one cutoff after the other: each cutoff of the table with the places of its rows, ascending. */
export function rowsByCutoff(table: FeatureTable): Map<Instant, number[]> {
  const groups = new Map<Instant, number[]>();
  table.cutoffs.forEach((cutoff, row) => {
    const rows = groups.get(cutoff);
    if (rows) rows.push(row);
    else groups.set(cutoff, [row]);
  });
  return new Map([...groups].sort(([a], [b]) => a - b));
}
