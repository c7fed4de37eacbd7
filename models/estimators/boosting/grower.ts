import type { Bins } from './bins.ts';
import { curvatureStep } from './gradients.ts';
import { deriveRows, firstLeaf, type SearchedLeaf, settleLeaves, splitLeaf } from './orders.ts';
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
interface Node extends SearchedLeaf {
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
  const { largest, total } = deriveRows(workspace);
  const step = curvatureStep(largest);
  const rules = { penalty: penalty / step, leastCurvature: leastCurvature / step };
  const nodes: Node[] = [leafNode(firstLeaf(workspace, total, rules))];
  const open = [0];
  while (open.length < leaves) {
    const best = open.reduce((a, b) => (nodes[b].split.gain > nodes[a].split.gain ? b : a));
    const parent = nodes[best];
    if (parent.split.gain <= 0) break;
    [parent.left, parent.right] = [nodes.length, nodes.length + 1];
    nodes.push(...splitLeaf(workspace, parent, open.length, rules).map(leafNode));
    open.splice(open.indexOf(best), 1, parent.left, parent.right);
  }
  const values = settleLeaves(
    workspace,
    open.map((leaf) => nodes[leaf]),
    { penalty, rate },
  );
  const tree = emptyTree(nodes.length);
  nodes.forEach((node, i) => {
    if (node.left >= 0) writeSplit(tree, i, node, bins[node.split.feature]);
  });
  open.forEach((leaf, i) => {
    writeLeaf(tree, leaf, nodes[leaf], values[i]);
  });
  return tree;
}

function leafNode(leaf: SearchedLeaf): Node {
  return { ...leaf, left: -1, right: -1 };
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
