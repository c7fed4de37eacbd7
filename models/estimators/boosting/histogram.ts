import { curvaturesIn, MOST_PACKED, slopesIn } from './gradients.ts';
import type { Workspace } from './workspace.ts';

/**
 * Sums up, per bin, the derivatives of the rows at some places of the order, into a thread's part. Usual bins are left
 * out: they are what is missing to the whole.
 */
export function addRows(
  { binned, packed, order, parts, allowed }: Workspace,
  thread: number,
  from: number,
  to: number,
): void {
  const { unusual, begins } = binned;
  const part = parts[thread];
  const sums = sumsOf(part.length / 2);
  for (let begin = from; begin < to; begin += MOST_PACKED) {
    const end = Math.min(to, begin + MOST_PACKED);
    for (let i = begin; i < end; i++) {
      const row = order[i];
      const both = packed[row];
      for (let k = begins[row], last = begins[row + 1]; k < last; k++) sums[unusual[k]] += both;
    }
    takeApart(sums, part, binned.offsets, allowed);
  }
}

let scratch = new Float64Array(0);

/** Zeros for so many bins; each thread has its own, and leaves zeros behind. */
function sumsOf(bins: number): Float64Array {
  if (scratch.length !== bins) scratch = new Float64Array(bins);
  return scratch;
}

/** Adds packed sums of the allowed features to slopes and curvatures apart, and forgets all. */
function takeApart(sums: Float64Array, part: Float64Array, offsets: Int32Array, allowed: Uint8Array): void {
  const bins = sums.length;
  for (let f = 0; f < allowed.length; f++) {
    if (!allowed[f]) continue;
    for (let bin = offsets[f]; bin < offsets[f + 1]; bin++) {
      const both = sums[bin];
      if (both === 0) continue;
      const slopes = slopesIn(both);
      part[bin] += slopes;
      part[bins + bin] += curvaturesIn(both, slopes);
    }
  }
  sums.fill(0);
}

/** A leaf's sums over all its rows, whole numbers. */
export interface Total {
  slope: number;
  curvature: number;
}

/**
 * Makes a leaf's histogram of the allowed features of a range, from what the threads have summed up; usual bins are
 * filled in, and the parts are zeros again. Where the leaf has a sibling, that one's is what is left of their parent's.
 * @param sibling the parent's histogram, which becomes the sibling's; null for the first leaf of a tree
 */
export function completeHistogram(
  { binned, parts, allowed }: Workspace,
  histogram: Float64Array,
  sibling: Float64Array | null,
  total: Total,
  features: readonly [from: number, to: number],
): void {
  const { offsets, usual } = binned;
  const bins = histogram.length / 2;
  for (let f = features[0]; f < features[1]; f++) {
    if (!allowed[f]) continue;
    let [slope, curvature] = [total.slope, total.curvature];
    for (let bin = offsets[f]; bin < offsets[f + 1]; bin++) {
      let [slopes, curvatures] = [0, 0];
      for (let t = 0; t < parts.length; t++) {
        const part = parts[t];
        slopes += part[bin];
        curvatures += part[bins + bin];
        part[bin] = 0;
        part[bins + bin] = 0;
      }
      histogram[bin] = slopes;
      histogram[bins + bin] = curvatures;
      slope -= slopes;
      curvature -= curvatures;
    }
    histogram[usual[f]] = slope;
    histogram[bins + usual[f]] = curvature;
    if (sibling) subtract(sibling, histogram, offsets[f], offsets[f + 1]);
  }
}

function subtract(whole: Float64Array, part: Float64Array, from: number, to: number): void {
  const bins = whole.length / 2;
  for (let bin = from; bin < to; bin++) {
    whole[bin] -= part[bin];
    whole[bins + bin] -= part[bins + bin];
  }
}
