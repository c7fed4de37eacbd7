import { z } from 'zod';

/**
 * A tree as columns, a node each, the root first. A leaf has itself as both children, so that a row stays where it is.
 */
export interface Tree {
  /** Place of the feature among the names that the model knows. */
  feature: Int32Array;
  /** Values up to this go to the left. */
  threshold: Float64Array;
  unknownLeft: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  /** What a leaf adds to the log-odds; 0 elsewhere. */
  value: Float64Array;
  /** Rows learnt from that came by. */
  cover: Float64Array;
}

/** The leaf that a row ends in. */
export function leafOf(tree: Tree, columns: readonly Float32Array[], row: number): number {
  const { feature, threshold, unknownLeft, left, right } = tree;
  let node = 0;
  while (left[node] !== node) {
    const value = columns[feature[node]][row];
    const goesLeft = Number.isNaN(value) ? unknownLeft[node] === 1 : value <= threshold[node];
    node = goesLeft ? left[node] : right[node];
  }
  return node;
}

/** Adds what a tree says about each row to its log-odds. */
export function addTree(tree: Tree, columns: readonly Float32Array[], logOdds: Float64Array): void {
  for (let row = 0; row < logOdds.length; row++) logOdds[row] += tree.value[leafOf(tree, columns, row)];
}

const places = z.array(z.int().nonnegative());
/** A tree as plain data; what has no upper edge has no threshold. */
export const savedTree = z.strictObject({
  feature: places,
  threshold: z.array(z.number().nullable()),
  unknownLeft: z.array(z.int().min(0).max(1)),
  left: places,
  right: places,
  value: z.array(z.number()),
  cover: z.array(z.number().positive()),
});

/** A tree as plain data. */
export function plainTree(tree: Tree): z.infer<typeof savedTree> {
  const { feature, threshold, unknownLeft, left, right, value, cover } = tree;
  return {
    feature: [...feature],
    threshold: Array.from(threshold, (edge) => (edge === Number.POSITIVE_INFINITY ? null : edge)),
    unknownLeft: [...unknownLeft],
    left: [...left],
    right: [...right],
    value: [...value],
    cover: [...cover],
  };
}

/**
 * Brings a saved tree back.
 * @param features how many the model knows
 * @throws RangeError when it is none: columns of different length, a feature or a child that is not there
 */
export function bringTree(saved: z.infer<typeof savedTree>, features: number): Tree {
  const nodes = saved.feature.length;
  const sound = (node: number) =>
    saved.feature[node] < features &&
    (saved.left[node] === node
      ? saved.right[node] === node
      : isLater(node, saved.left[node], saved.right[node], nodes));
  if (
    nodes === 0 ||
    Object.values(saved).some((column) => column.length !== nodes) ||
    !saved.left.every((_, i) => sound(i))
  ) {
    throw new RangeError('a saved tree is no tree: its columns do not fit each other');
  }
  return {
    feature: Int32Array.from(saved.feature),
    threshold: Float64Array.from(saved.threshold, (edge) => edge ?? Number.POSITIVE_INFINITY),
    unknownLeft: Uint8Array.from(saved.unknownLeft),
    left: Int32Array.from(saved.left),
    right: Int32Array.from(saved.right),
    value: Float64Array.from(saved.value),
    cover: Float64Array.from(saved.cover),
  };
}

/** Children come after their parents, so that no row goes round in circles. */
function isLater(node: number, left: number, right: number, nodes: number): boolean {
  return left > node && right > left && right < nodes;
}
