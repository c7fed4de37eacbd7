import type { Largest } from './gradients.ts';
import type { Total } from './histogram.ts';
import {
  bestOf,
  carryOut,
  DERIVE,
  type Leaf,
  largestOf,
  middleOf,
  SETTLE,
  type SplitOrder,
  siblingsOf,
  totalOf,
  writeSplitOrder,
} from './shares.ts';
import { awaitSignal, ENDED, fail, ORDERS, signal, TAKEN } from './signals.ts';
import type { Split, SplitRules } from './splitting.ts';
import type { Workspace } from './workspace.ts';

/** A leaf with its best split. */
export interface SearchedLeaf extends Leaf {
  split: Split;
}

/** Finds the derivatives of all rows, and puts them into their first order, on all threads of a workspace. */
export function deriveRows(workspace: Workspace): { largest: Largest; total: Total } {
  workspace.orders[0] = DERIVE;
  giveOrder(workspace);
  return { largest: largestOf(workspace.found), total: totalOf(workspace.found) };
}

/** The first leaf of a tree, on all threads of a workspace. */
export function firstLeaf(workspace: Workspace, total: Total, rules: SplitRules): SearchedLeaf {
  const leaf = { from: 0, to: workspace.order.length, total, histogram: 0 };
  return searched(workspace, { leaf, split: null, free: -1, rules })[0];
}

/** Parts a leaf by its split, on all threads of a workspace; the larger of the two inherits its histogram. */
export function splitLeaf(
  workspace: Workspace,
  { split, ...leaf }: SearchedLeaf,
  free: number,
  rules: SplitRules,
): readonly [left: SearchedLeaf, right: SearchedLeaf] {
  const [a, b] = searched(workspace, { leaf, split, free, rules });
  return a.from === leaf.from ? [a, b] : [b, a];
}

function searched(workspace: Workspace, order: SplitOrder): SearchedLeaf[] {
  writeSplitOrder(workspace.orders, order);
  giveOrder(workspace);
  const { counted, other } = siblingsOf(order, middleOf(workspace, order));
  return [counted, ...(other ? [other] : [])].map((leaf, place) => ({
    ...leaf,
    split: bestOf(workspace.found, place),
  }));
}

/** What some leaves say, which is added to their rows, on all threads of a workspace. */
export function settleLeaves(
  workspace: Workspace,
  leaves: readonly Pick<Leaf, 'from' | 'to'>[],
  { penalty, rate }: { penalty: number; rate: number },
): Float64Array {
  leaves.forEach(({ from, to }, i) => {
    workspace.leaves.set([from, to], 2 * i);
  });
  workspace.orders.set([SETTLE, leaves.length, penalty, rate]);
  Atomics.store(workspace.signals, TAKEN, 0);
  giveOrder(workspace);
  return workspace.values.slice(0, leaves.length);
}

/** Has an order carried out by all threads, this one included, and comes back when it is. */
function giveOrder(workspace: Workspace): void {
  if (workspace.threads > 1) signal(workspace.signals, ORDERS);
  carryOut(workspace, 0);
}

/** Lets the threads of a workspace know that there are no more orders. */
export function endOrders({ signals }: Workspace): void {
  Atomics.store(signals, ENDED, 1);
  signal(signals, ORDERS);
}

/** A thread's life with a workspace: order after order, until there are no more. */
export function serveOrders(workspace: Workspace, thread: number): void {
  const { signals } = workspace;
  for (let carried = 0; ; carried++) {
    awaitSignal(signals, ORDERS, (orders) => orders > carried);
    if (Atomics.load(signals, ENDED) === 1) return;
    try {
      carryOut(workspace, thread);
    } catch (error) {
      fail(signals);
      throw error;
    }
  }
}
