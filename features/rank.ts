/**
 * Of each of some rows, the share of others with a lower value, ties counted half: 0 to 1, NaN for unknown.
 * @param values one per row of a table
 * @param rows the places to rank
 * @param others the places to rank them among; unknown values do not count
 */
export function rankAmong(values: Float32Array, rows: readonly number[], others: readonly number[]): number[] {
  const sorted = knownAmong(values, others).sort();
  // Most values are counts, and come again and again.
  const ranks = new Map<number, number>();
  return rows.map((row) => {
    const value = values[row];
    let rank = ranks.get(value);
    if (rank === undefined) {
      rank = rankIn(sorted, value);
      ranks.set(value, rank);
    }
    return rank;
  });
}

function rankIn(sorted: Float32Array, value: number): number {
  if (Number.isNaN(value) || sorted.length === 0) return Number.NaN;
  return (position(sorted, value, false) + position(sorted, value, true)) / (2 * sorted.length);
}

function knownAmong(values: Float32Array, rows: readonly number[]): Float32Array {
  const known = new Float32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (!Number.isNaN(values[rows[i]])) known[count++] = values[rows[i]];
  return known.subarray(0, count);
}

/** How many of the sorted values are below a value, or at most it. */
function position(sorted: Float32Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
