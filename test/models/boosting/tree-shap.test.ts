import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boostingBy } from '../../../models/estimators/boosting/boosting.ts';
import { addTree, leafOf, type Tree } from '../../../models/estimators/boosting/tree.ts';
import { findWays, shapleyValues } from '../../../models/estimators/boosting/tree-shap.ts';
import { type Random, seeded } from '../../../models/index.ts';
import { someSet } from '../../helpers/sets.ts';

const U = Number.NaN;

interface Planned {
  feature?: number;
  threshold?: number;
  unknownLeft?: boolean;
  value?: number;
  cover: number;
  left?: Planned;
  right?: Planned;
}

function treeOf(root: Planned): Tree {
  const nodes: Planned[] = [root];
  for (const node of nodes) if (node.left && node.right) nodes.push(node.left, node.right);
  const place = (node: Planned | undefined, own: number) => (node ? nodes.indexOf(node) : own);
  return {
    feature: Int32Array.from(nodes, ({ feature }) => feature ?? 0),
    threshold: Float64Array.from(nodes, ({ threshold }) => threshold ?? 0),
    unknownLeft: Uint8Array.from(nodes, ({ unknownLeft }) => Number(unknownLeft ?? false)),
    left: Int32Array.from(nodes, ({ left }, i) => place(left, i)),
    right: Int32Array.from(nodes, ({ right }, i) => place(right, i)),
    value: Float64Array.from(nodes, ({ value }) => value ?? 0),
    cover: Float64Array.from(nodes, ({ cover }) => cover),
  };
}

/** A random tree over some features that are asked again and again. */
function grown(random: Random, depth: number, features: number, cover = 64): Planned {
  if (depth === 0 || cover < 4 || random() < 0.15) return { cover, value: 2 * random() - 1 };
  const toLeft = 1 + Math.floor(random() * (cover - 2));
  return {
    feature: Math.floor(random() * features),
    threshold: Math.floor(5 * random()),
    unknownLeft: random() < 0.5,
    cover,
    left: grown(random, depth - 1, features, toLeft),
    right: grown(random, depth - 1, features, cover - toLeft),
  };
}

/** What a tree says on average when only some features are known: the textbook's recursion. */
function expectation(tree: Tree, values: readonly number[], known: ReadonlySet<number>, node = 0): number {
  const { left, right, feature, threshold, unknownLeft, cover, value } = tree;
  if (left[node] === node) return value[node];
  if (known.has(feature[node])) {
    const x = values[feature[node]];
    const goesLeft = Number.isNaN(x) ? unknownLeft[node] === 1 : x <= threshold[node];
    return expectation(tree, values, known, goesLeft ? left[node] : right[node]);
  }
  const of = (child: number) => (cover[child] / cover[node]) * expectation(tree, values, known, child);
  return of(left[node]) + of(right[node]);
}

/** Shapley's value by its definition, over all sets of features. */
function bruteForce(tree: Tree, values: readonly number[]): number[] {
  const all = [...values.keys()];
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return all.map((feature) => {
    const others = all.filter((each) => each !== feature);
    let sum = 0;
    for (let set = 0; set < 2 ** others.length; set++) {
      const known = new Set(others.filter((_, i) => set & (1 << i)));
      const orders = factorial(known.size) * factorial(others.length - known.size);
      const without = expectation(tree, values, known);
      sum += (orders / factorial(all.length)) * (expectation(tree, values, new Set([...known, feature])) - without);
    }
    return sum;
  });
}

describe('contributions of trees', () => {
  it('share between two features what they tell together', () => {
    // Both high: 4, else 0; half of the rows at each question.
    const both = treeOf({
      feature: 0,
      threshold: 0,
      cover: 4,
      left: { cover: 2, value: 0 },
      right: { feature: 1, threshold: 0, cover: 2, left: { cover: 1, value: 0 }, right: { cover: 1, value: 4 } },
    });
    const columns = [Float32Array.of(1, 1), Float32Array.of(1, 0)];
    const ways = findWays([both]);
    expect(ways.expected).toBe(1);
    // First known alone 2, second alone 2, both 4: each adds 1 first and 2 last.
    const [bothHigh, firstHigh] = shapleyValues(ways, columns, [0, 1]);
    expect([...bothHigh]).toEqual([1.5, 1.5]);
    expect([...firstHigh]).toEqual([0.5, -1.5]);
  });

  it('are Shapley’s by definition, on any small trees, whatever is asked again or unknown', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, features, depth) => {
          const random = seeded(seed);
          const trees = [treeOf(grown(random, depth, features)), treeOf(grown(random, depth, features))];
          const rows = Array.from({ length: 5 }, () =>
            Array.from({ length: features }, () => (random() < 0.2 ? U : Math.floor(6 * random()))),
          );
          const columns = Array.from({ length: features }, (_, f) => Float32Array.from(rows, (row) => row[f]));
          const found = shapleyValues(findWays(trees), columns, [...rows.keys()]);
          rows.forEach((row, i) => {
            const [first, second] = trees.map((tree) => bruteForce(tree, row));
            found[i].forEach((each, f) => {
              expect(each).toBeCloseTo(first[f] + second[f], 9);
            });
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('add up to what the trees say, for more rows than are explained together and ways too long for a table', () => {
    const random = seeded(4);
    const trees = [treeOf(deep(24, random)), treeOf(grown(random, 9, 24, 5000))];
    const columns = Array.from({ length: 24 }, () =>
      Float32Array.from({ length: 1500 }, () => (random() < 0.1 ? U : 4 * random())),
    );
    const said = new Float64Array(1500);
    for (const tree of trees) addTree(tree, columns, said);
    const ways = findWays(trees);
    expect(Math.max(...ways.begins.map((begin, i) => (ways.begins[i + 1] ?? begin) - begin))).toBeGreaterThan(12);
    shapleyValues(ways, columns, [...said.keys()]).forEach((each, row) => {
      expect(each.reduce((sum, part) => sum + part, ways.expected)).toBeCloseTo(said[row], 10);
    });
  });

  it('add up on a large ensemble', async () => {
    const set = someSet(200, 20, 2);
    const settings = { leaves: 31, rate: 0.1, penalty: 1, leastCurvature: 1, trees: 60, bins: 255, featureShare: 1 };
    const model = await boostingBy(() => settings, { stopEarly: false }).fit(set, seeded(1));
    const rows = [...set.outcomes.keys()];
    const said = model.predict(set.table);
    const explained = model.explain?.(set.table, rows);
    explained?.contributions.forEach((each, row) => {
      const logOdds = each.reduce((sum, part) => sum + part, explained.intercept);
      expect(logOdds).toBeCloseTo(Math.log(said[row] / (1 - said[row])), 9);
    });
    expect(explained?.contributions).toHaveLength(4000);
  });
});

/** A chain: every feature is asked once, always going on to the right. */
function deep(features: number, random: Random, feature = 0, cover = 4096): Planned {
  if (feature === features) return { cover, value: random() };
  const left = { cover: Math.max(1, Math.floor(cover / 4)), value: random() };
  return { feature, threshold: 0.5, cover, left, right: deep(features, random, feature + 1, cover - left.cover) };
}

it('a row ends in the leaf that its values lead to', () => {
  const tree = treeOf({
    feature: 0,
    threshold: 2,
    unknownLeft: true,
    cover: 3,
    left: { cover: 2, value: -1 },
    right: { cover: 1, value: 1 },
  });
  const columns = [Float32Array.of(2, 2.5, U)];
  expect([0, 1, 2].map((row) => tree.value[leafOf(tree, columns, row)])).toEqual([-1, 1, -1]);
});
