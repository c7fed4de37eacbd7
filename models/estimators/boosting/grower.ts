import { type Bins, UNKNOWN_BIN } from './bins.ts';
import { deriveRows, splitSiblings } from './crew.ts';
import { curvatureStep, curvaturesIn, slopesIn } from './gradients.ts';
import type { Total } from './histogram.ts';
import type { Split, SplitRules } from './splitting.ts';
import type { Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';

/** How trees are grown. */
export interface Growth {
  /** Most leaves of a tree. */
  leaves: number;
  /** Share of what a tree says that is believed (shrinkage; Friedman 2001). */
  rate: number;
  /** Added to a leaf's curvature: holds small leaves back. */
  penalty: number;
  /** A leaf needs this much curvature: about four times as many rows in doubt. */
  leastCurvature: number;
}

/** A node while the tree grows. */
interface Node {
  from: number;
  to: number;
  total: Total;
  /** Which histogram holds its sums. */
  histogram: number;
  split: Split;
  left: number;
  right: number;
}

/**
 * Grows one tree on the rows of a workspace, the most rewarding leaf first, and adds what it says to their log-odds.
 * Source: Shi 2007, Best-first decision tree learning; Chen & Guestrin 2016; Ke et al. 2017 (LightGBM).
 */
export function growTree(
  workspace: Workspace,
  bins: readonly Bins[],
  { leaves, rate, penalty, leastCurvature }: Growth,
): Tree {
  const step = curvatureStep(deriveRows(workspace));
  const rules = { penalty: penalty / step, leastCurvature: leastCurvature / step };
  const nodes = [firstNode(workspace, rules)];
  const open = [0];
  while (open.length < leaves) {
    const best = open.reduce((a, b) => (nodes[b].split.gain > nodes[a].split.gain ? b : a));
    if (nodes[best].split.gain <= 0) break;
    splitNode(workspace, nodes, best, open.length, rules);
    open.splice(open.indexOf(best), 1, nodes[best].left, nodes[best].right);
  }
  const tree = emptyTree(nodes.length);
  nodes.forEach((node, i) => {
    if (node.left >= 0) writeSplit(tree, i, node, bins[node.split.feature]);
    else writeLeaf(tree, i, node, leafValue(workspace, node, penalty, rate));
  });
  for (const leaf of open) addToRows(workspace, nodes[leaf], tree.value[leaf]);
  return tree;
}

function firstNode(workspace: Workspace, rules: SplitRules): Node {
  const { order, packed } = workspace;
  const total = { slope: 0, curvature: 0 };
  for (let row = 0; row < order.length; row++) {
    order[row] = row;
    const slope = slopesIn(packed[row]);
    total.slope += slope;
    total.curvature += curvaturesIn(packed[row], slope);
  }
  const node = { from: 0, to: order.length, total, histogram: 0, left: -1, right: -1 };
  return { ...node, split: splitSiblings(workspace, { counted: node, other: null }, rules).counted };
}

/** Splits a node; the larger of its children inherits its histogram. */
function splitNode(workspace: Workspace, nodes: Node[], at: number, histogram: number, rules: SplitRules): void {
  const parent = nodes[at];
  const { from, to, split, total } = parent;
  const middle = partition(workspace, from, to, split);
  const rest = { slope: total.slope - split.left.slope, curvature: total.curvature - split.left.curvature };
  const sides = [
    { from, to: middle, total: split.left, left: -1, right: -1 },
    { from: middle, to, total: rest, left: -1, right: -1 },
  ];
  const [smaller, larger] = middle - from <= to - middle ? [0, 1] : [1, 0];
  const counted = { ...sides[smaller], histogram };
  const other = { ...sides[larger], histogram: parent.histogram };
  const splits = splitSiblings(workspace, { counted, other }, rules);
  const children = [
    { ...counted, split: splits.counted },
    { ...other, split: splits.other },
  ];
  parent.left = nodes.length;
  parent.right = nodes.length + 1;
  nodes.push(children[smaller], children[larger]);
}

let aside = new Uint32Array(0);

/** Puts the rows that go to the left first, and keeps their order on either side; returns where the right begins. */
function partition({ binned, order }: Workspace, from: number, to: number, split: Split): number {
  if (aside.length < to - from) aside = new Uint32Array(order.length);
  const cells = binned.cells.subarray(split.feature * binned.rows, (split.feature + 1) * binned.rows);
  const side = new Uint8Array(256);
  for (let bin = 0; bin < side.length; bin++) side[bin] = Number(bin <= split.bin);
  side[UNKNOWN_BIN] = Number(split.unknownLeft);
  let [left, right] = [from, 0];
  for (let i = from; i < to; i++) {
    const row = order[i];
    const goesLeft = side[cells[row]];
    // Written to both sides, kept on one: cheaper than a branch that cannot be foreseen.
    order[left] = row;
    aside[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  order.set(aside.subarray(0, right), left);
  return left;
}

/** The step that would be best for the rows of a leaf (Newton), shortened by penalty and rate. */
function leafValue(
  { order, outcomes, probabilities }: Workspace,
  { from, to }: Node,
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

function emptyTree(nodes: number): Tree {
  return {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    unknownLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    value: new Float64Array(nodes),
    cover: new Float64Array(nodes),
  };
}

function writeSplit(tree: Tree, at: number, { split, left, right, from, to }: Node, { edges }: Bins): void {
  tree.feature[at] = split.feature;
  // Behind the last edge only the known are parted from the unknown.
  tree.threshold[at] = split.bin <= edges.length ? edges[split.bin - 1] : Number.POSITIVE_INFINITY;
  tree.unknownLeft[at] = Number(split.unknownLeft);
  tree.left[at] = left;
  tree.right[at] = right;
  tree.cover[at] = to - from;
}

function writeLeaf(tree: Tree, at: number, { from, to }: Node, value: number): void {
  tree.left[at] = at;
  tree.right[at] = at;
  tree.value[at] = value;
  tree.cover[at] = to - from;
}

function addToRows({ order, logOdds }: Workspace, { from, to }: Node, value: number): void {
  for (let i = from; i < to; i++) logOdds[order[i]] += value;
}
