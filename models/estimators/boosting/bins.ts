/** How a feature's numbers are told apart: by few enough bins that each fits into a byte. */
export interface Bins {
  feature: string;
  /** Ascending; a value is in the first bin whose edge it does not exceed, or in the last one, which has none. */
  edges: Float64Array;
}

/** Bin 0 holds what is unknown; known values have 1 to 255. */
export const UNKNOWN_BIN = 0;
export const MOST_KNOWN_BINS = 255;
/** More rows than these tell no quantile better. */
const SAMPLE = 65_536;

/** Whether a feature tells anything: it does not where all its values are equal or all unknown. */
export function varies(values: Float32Array): boolean {
  return values.some((value) => !sameNumber(value, values[0]));
}

/**
 * Finds the edges between a feature's bins: one bin per value where there are few, quantiles where there are many.
 * @param most known bins at most, up to 255
 */
export function learnEdges(values: Float32Array, most: number): Float64Array {
  return edgesOf(sorted(values), most);
}

/** How many bins edges part, that of the unknown included. */
export function binCount(edges: Float64Array): number {
  return edges.length + 2;
}

/** The known values of every so many rows, ascending. */
function sorted(values: Float32Array): Float32Array {
  const step = Math.max(1, Math.ceil(values.length / SAMPLE));
  const sample = new Float32Array(Math.ceil(values.length / step));
  let known = 0;
  for (let row = 0; row < values.length; row += step) {
    if (!Number.isNaN(values[row])) sample[known++] = values[row];
  }
  return sample.subarray(0, known).sort();
}

/**
 * Edges half-way between neighbouring values. Where there are more values than bins, a bin is closed when it holds its
 * share of the rows not yet in one: a value that most rows have takes one bin, and the others go to the rest.
 */
function edgesOf(values: Float32Array, most: number): Float64Array {
  const all = distinct(values) <= most;
  const edges: number[] = [];
  let begin = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] === values[i - 1]) continue;
    if (!all && (i - begin) * (most - edges.length) < values.length - begin) continue;
    edges.push(between(values[i - 1], values[i]));
    begin = i;
  }
  return Float64Array.from(edges);
}

function distinct(sorted: Float32Array): number {
  let count = Math.min(1, sorted.length);
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) count++;
  return count;
}

/** Half-way, or the lower value where one of them is infinite. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return Number.isFinite(middle) ? middle : low;
}

/** Whether two numbers are equal or both unknown. */
function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
