import { type BinnedRows, shared } from './binned-rows.ts';
import type { Rows } from './gradients.ts';
import { SIGNALS } from './signals.ts';

/** All that growing a tree reads and writes, in memory that threads share. */
export interface Workspace extends Rows {
  binned: BinnedRows;
  threads: number;
  /** The rows, leaf after leaf. */
  order: Uint32Array;
  /** Where rows wait that go to the left or to the right, and how many of each thread's go to the left. */
  aside: readonly [left: Uint32Array, right: Uint32Array];
  lefts: Int32Array;
  /** What each thread has summed up for the histogram that is being made: slopes of all bins, then curvatures. */
  parts: Float64Array[];
  /** One histogram per leaf, the same way. */
  histograms: Float64Array[];
  /** The best split that each thread has found for each of two leaves; see splitting.ts. */
  found: Float64Array[];
  /** From where to where in the order each leaf of a grown tree reaches, one after the other, and what it says. */
  leaves: Uint32Array;
  values: Float64Array;
  /** Per feature, whether the tree that is being grown may use it. */
  allowed: Uint8Array;
  /** What is to be done, for whoever does it; see orders.ts and signals.ts. */
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
  const places = (size: number) => new Uint32Array(shared(size * 4));
  const sharedOutcomes = new Uint8Array(shared(outcomes.length));
  sharedOutcomes.set(outcomes);
  return {
    binned,
    threads,
    outcomes: sharedOutcomes,
    logOdds: floats(binned.rows).fill(intercept),
    probabilities: floats(binned.rows),
    packed: floats(binned.rows),
    order: places(binned.rows),
    aside: [places(binned.rows), places(binned.rows)],
    lefts: new Int32Array(shared(threads * 4)),
    parts: Array.from({ length: threads }, () => floats(2 * bins)),
    histograms: Array.from({ length: leaves }, () => floats(2 * bins)),
    found: Array.from({ length: threads }, () => floats(2 * FOUND_SIZE)),
    leaves: places(2 * leaves),
    values: floats(leaves),
    allowed: new Uint8Array(shared(binned.usual.length)).fill(1),
    orders: floats(ORDER_SIZE),
    signals: new Int32Array(shared(SIGNALS * 4)),
  };
}
