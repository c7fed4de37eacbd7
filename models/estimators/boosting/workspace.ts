import { type BinnedRows, shared } from './binned-rows.ts';
import type { Rows } from './gradients.ts';

/** All that growing a tree reads and writes, in memory that threads share. */
export interface Workspace extends Rows {
  binned: BinnedRows;
  threads: number;
  /** The rows, leaf after leaf. */
  order: Uint32Array;
  /** What each thread has summed up for the histogram that is being made: slopes of all bins, then curvatures. */
  parts: Float64Array[];
  /** One histogram per leaf, the same way. */
  histograms: Float64Array[];
  /** The best split that each thread has found for each of two leaves; see splitting.ts. */
  found: Float64Array[];
  /** Per feature, whether the tree that is being grown may use it. */
  allowed: Uint8Array;
  /** What is to be done, for whoever does it; see crew.ts. */
  orders: Float64Array;
  signals: Int32Array;
}

/** Numbers that an order takes, and that a found split takes. */
const ORDER_SIZE = 16;
export const FOUND_SIZE = 8;

/**
 * Memory for trees of so many leaves at most.
 * @param intercept the log-odds that all rows begin with
 */
export function workspaceFor(
  binned: BinnedRows,
  outcomes: Uint8Array,
  intercept: number,
  { leaves, threads }: { leaves: number; threads: number },
): Workspace {
  const bins = binned.offsets[binned.offsets.length - 1];
  const floats = (size: number) => new Float64Array(shared(size * 8));
  const sharedOutcomes = new Uint8Array(shared(outcomes.length));
  sharedOutcomes.set(outcomes);
  return {
    binned,
    threads,
    outcomes: sharedOutcomes,
    logOdds: floats(binned.rows).fill(intercept),
    probabilities: floats(binned.rows),
    packed: floats(binned.rows),
    order: new Uint32Array(shared(binned.rows * 4)),
    parts: Array.from({ length: threads }, () => floats(2 * bins)),
    histograms: Array.from({ length: leaves }, () => floats(2 * bins)),
    found: Array.from({ length: threads }, () => floats(2 * FOUND_SIZE)),
    allowed: new Uint8Array(shared(binned.usual.length)).fill(1),
    orders: floats(ORDER_SIZE),
    signals: new Int32Array(shared(5 * 4)),
  };
}
