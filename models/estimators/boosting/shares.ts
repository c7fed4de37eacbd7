import { findProbabilities, type Largest, packGradients } from './gradients.ts';
import { addRows, completeHistogram, type Total } from './histogram.ts';
import { moveOver, sortOut } from './partition.ts';
import { DONE, MET, meet, TAKEN } from './signals.ts';
import { bestSplit, NO_SPLIT, type Split, type SplitRules } from './splitting.ts';
import { FOUND_SIZE, type Workspace } from './workspace.ts';

/** What an order is for. */
export const DERIVE = 0;
const SPLIT = 1;
export const SETTLE = 2;

/** Rows of a leaf, and which histogram holds their sums. */
export interface Leaf {
  from: number;
  to: number;
  total: Total;
  histogram: number;
}

/** A leaf that is to be parted, or the first one of a tree, of which the best split is to be found. */
export interface SplitOrder {
  leaf: Leaf;
  /** Null for the first leaf of a tree. */
  split: Split | null;
  /** A histogram that no leaf has yet. */
  free: number;
  rules: SplitRules;
}

/** Leaves whose best splits are searched. */
export interface Siblings {
  /** The leaf whose rows are summed up: the smaller one, or the first of a tree. */
  counted: Leaf;
  /** The other, whose histogram is its parent's until then. */
  other: Leaf | null;
}

/** The two leaves that a split makes of one. */
export function siblingsOf({ leaf, split, free }: SplitOrder, middle: number): Siblings {
  if (!split) return { counted: leaf, other: null };
  const { from, to, total, histogram } = leaf;
  const rest = { slope: total.slope - split.left.slope, curvature: total.curvature - split.left.curvature };
  const left = { from, to: middle, total: split.left };
  const right = { from: middle, to, total: rest };
  const [smaller, larger] = middle - from <= to - middle ? [left, right] : [right, left];
  return { counted: { ...smaller, histogram: free }, other: { ...larger, histogram } };
}

/** Where the right begins when all threads have sorted out their rows of a leaf. */
export function middleOf({ lefts }: Workspace, { leaf, split }: SplitOrder): number {
  return split ? lefts.reduce((sum, left) => sum + left, leaf.from) : leaf.to;
}

export function writeSplitOrder(orders: Float64Array, { leaf, split, free, rules }: SplitOrder): void {
  const { feature, bin, unknownLeft, left } = split ?? NO_SPLIT;
  orders.set([SPLIT, leaf.from, leaf.to, leaf.total.slope, leaf.total.curvature, leaf.histogram, free]);
  orders.set([feature, bin, Number(unknownLeft), left.slope, left.curvature], 7);
  orders.set([rules.penalty, rules.leastCurvature], 12);
}

function readSplitOrder(orders: Float64Array): SplitOrder {
  const [, from, to, slope, curvature, histogram, free, feature, bin, unknownLeft, leftSlope, leftCurvature] = orders;
  const left = { slope: leftSlope, curvature: leftCurvature };
  return {
    leaf: { from, to, total: { slope, curvature }, histogram },
    split: feature < 0 ? null : { gain: 0, feature, bin, unknownLeft: unknownLeft === 1, left },
    free,
    rules: { penalty: orders[12], leastCurvature: orders[13] },
  };
}

/** What one thread does of an order: its share. */
export function carryOut(workspace: Workspace, thread: number): void {
  const [what] = workspace.orders;
  if (what === DERIVE) deriveShare(workspace, thread);
  else if (what === SPLIT) splitShare(workspace, thread, readSplitOrder(workspace.orders));
  else settleShare(workspace);
  meet(workspace.signals, DONE, workspace.threads);
}

/** Its share of the rows, which are rounded when all threads know how large theirs are. */
function deriveShare(workspace: Workspace, thread: number): void {
  const { threads, found, signals, binned, order } = workspace;
  const [from, to] = shareOf(0, binned.rows, thread, threads);
  for (let row = from; row < to; row++) order[row] = row;
  const own = findProbabilities(workspace, from, to);
  found[thread].set([own.slope, own.curvature]);
  meet(signals, MET, threads);
  const { slope, curvature } = packGradients(workspace, largestOf(found), from, to);
  found[thread].set([slope, curvature], 2);
}

/** The largest derivatives that the threads have found. */
export function largestOf(found: readonly Float64Array[]): Largest {
  return {
    slope: found.reduce((most, [slope]) => Math.max(most, slope), 0),
    curvature: found.reduce((most, [, curvature]) => Math.max(most, curvature), 0),
  };
}

/** The sum over all rows of what the threads have summed up. */
export function totalOf(found: readonly Float64Array[]): Total {
  return {
    slope: found.reduce((sum, [, , slope]) => sum + slope, 0),
    curvature: found.reduce((sum, [, , , curvature]) => sum + curvature, 0),
  };
}

/** Its share of a leaf's rows, which go to their sides, are summed up, and then its share of the features. */
function splitShare(workspace: Workspace, thread: number, order: SplitOrder): void {
  const { binned, threads, signals } = workspace;
  const { leaf, split, rules } = order;
  if (split) {
    const [from, to] = shareOf(leaf.from, leaf.to, thread, threads);
    sortOut(workspace, thread, from, to, split);
    meet(signals, MET, threads);
    moveOver(workspace, thread, from, to, { from: leaf.from, middle: middleOf(workspace, order) });
    meet(signals, MET, threads);
  }
  const siblings = siblingsOf(order, middleOf(workspace, order));
  addRows(workspace, thread, ...shareOf(siblings.counted.from, siblings.counted.to, thread, threads));
  meet(signals, MET, threads);
  search(workspace, thread, siblings, shareOf(0, binned.usual.length, thread, threads), rules);
}

/** Finds the best split of each of two leaves by some features. */
function search(
  workspace: Workspace,
  thread: number,
  { counted, other }: Siblings,
  features: readonly [from: number, to: number],
  rules: SplitRules,
): void {
  const { binned, histograms, allowed, found } = workspace;
  const whole = other && histograms[other.histogram];
  completeHistogram(workspace, histograms[counted.histogram], whole, counted.total, features);
  [counted, other].forEach((leaf, place) => {
    if (!leaf) return;
    const best = bestSplit(binned, histograms[leaf.histogram], leaf.total, features, allowed, rules);
    write(found[thread], place, best);
  });
}

function write(found: Float64Array, place: number, { gain, feature, bin, unknownLeft, left }: Split): void {
  found.set([gain, feature, bin, Number(unknownLeft), left.slope, left.curvature], place * FOUND_SIZE);
}

/** The best of what the threads have found; among equals that of the first features. */
export function bestOf(found: readonly Float64Array[], place: number): Split {
  const all = found.map((each) => {
    const [gain, feature, bin, unknownLeft, slope, curvature] = each.subarray(place * FOUND_SIZE);
    return { gain, feature, bin, unknownLeft: unknownLeft === 1, left: { slope, curvature } };
  });
  return all.reduce((best, each) => (each.gain > best.gain ? each : best));
}

/** Leaves that nobody has taken yet: what each says, and adds to its rows. Whoever takes one sums it up alone. */
function settleShare(workspace: Workspace): void {
  const { signals, leaves, values, order, logOdds, orders } = workspace;
  const [, many, penalty, rate] = orders;
  for (let leaf = Atomics.add(signals, TAKEN, 1); leaf < many; leaf = Atomics.add(signals, TAKEN, 1)) {
    const [from, to] = [leaves[2 * leaf], leaves[2 * leaf + 1]];
    const value = leafValue(workspace, from, to, penalty, rate);
    values[leaf] = value;
    for (let i = from; i < to; i++) logOdds[order[i]] += value;
  }
}

/** The step that would be best for the rows of a leaf (Newton), shortened by penalty and rate. */
function leafValue(
  { order, outcomes, probabilities }: Workspace,
  from: number,
  to: number,
  penalty: number,
  rate: number,
): number {
  let [slope, curvature] = [0, 0];
  for (let i = from; i < to; i++) {
    const row = order[i];
    const probability = probabilities[row];
    slope += probability - outcomes[row];
    curvature += probability * (1 - probability);
  }
  return (-rate * slope) / (curvature + penalty);
}

/** From where to where the share of a thread reaches. */
export function shareOf(from: number, to: number, thread: number, threads: number): [from: number, to: number] {
  const begin = (part: number) => from + Math.floor(((to - from) * part) / threads);
  return [begin(thread), begin(thread + 1)];
}
