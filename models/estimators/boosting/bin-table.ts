import { column, type FeatureTable, rowCount } from '../../../features/index.ts';
import { type BinnedRows, shared } from './binned-rows.ts';
import { type Bins, binCount, varies } from './bins.ts';
import type { Crew } from './crew.ts';
import { shareOf } from './shares.ts';

/**
 * Finds the bins of a table's features, in the order of their names, and puts its rows into them, on all threads of a
 * crew. A feature that never varies tells nothing and gets none.
 * @param most known bins of a feature at most, up to 255
 */
export async function binTable(
  table: FeatureTable,
  most: number,
  crew: Crew,
): Promise<{ bins: Bins[]; binned: BinnedRows }> {
  const rows = rowCount(table);
  const features = [...table.names].sort().filter((name) => varies(column(table, name)));
  const cells = new Uint8Array(shared(features.length * rows));
  const parts = crewParts(crew, features.length).map(([from, to], thread) => ({
    columns: features.slice(from, to).map((name) => lent(column(table, name), thread)),
    most,
    cells: cells.subarray(from * rows, to * rows),
  }));
  const columns = (await crew.share('columns', parts)).flat();
  const bins = features.map((feature, f) => ({ feature, edges: columns[f].edges }));
  const offsets = new Int32Array(shared((bins.length + 1) * 4));
  const usual = new Int32Array(shared(bins.length * 4));
  columns.forEach((each, f) => {
    offsets[f + 1] = offsets[f] + binCount(each.edges);
    usual[f] = offsets[f] + each.usual;
  });
  const many = cells.length - columns.reduce((sum, { usualRows }) => sum + usualRows, 0);
  const unusual = offsets[bins.length] > 0xffff ? new Uint32Array(shared(many * 4)) : new Uint16Array(shared(many * 2));
  const binned = { rows, offsets, usual, cells, unusual, begins: new Uint32Array(shared((rows + 1) * 4)) };
  await listRows(binned, crew);
  return { bins, binned };
}

/** Lists the unusual bins of all rows: each thread counts its rows' first, so that all know where theirs begin. */
async function listRows(binned: BinnedRows, crew: Crew): Promise<void> {
  const parts = crewParts(crew, binned.rows).map(([from, to]) => ({ binned, from, to }));
  const counts = await crew.share('count', parts);
  const before = counts.map((_, thread) => counts.slice(0, thread).reduce((sum, count) => sum + count, 0));
  await crew.share(
    'list',
    parts.map((part, thread) => ({ ...part, before: before[thread] })),
  );
}

function crewParts({ threads }: Crew, many: number): [from: number, to: number][] {
  return Array.from({ length: threads }, (_, thread) => shareOf(0, many, thread, threads));
}

/** A column for a thread: as it is for the one that asks, in memory that is shared for another. */
function lent(values: Float32Array, thread: number): Float32Array {
  if (thread === 0) return values;
  const copy = new Float32Array(shared(values.byteLength));
  copy.set(values);
  return copy;
}
