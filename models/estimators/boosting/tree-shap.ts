import type { Tree } from './tree.ts';

/**
 * The ways to all leaves of all trees, as columns. A feature that is asked twice on a way is one step of it: the values
 * that pass are those that pass both.
 */
export interface Ways {
  /** Where the steps of each leaf's way begin, and at last how many there are. */
  begins: Int32Array;
  /** What each leaf adds to the log-odds. */
  leaves: Float64Array;
  /** Place of the feature among the names that the model knows. */
  feature: Int32Array;
  /** Known values that are not up to `above` (NaN for none) but up to `upTo` pass; unknown ones if `unknown` is 1. */
  above: Float64Array;
  upTo: Float64Array;
  unknown: Uint8Array;
  /** The share of the rows learnt from that pass, among those that came to the questions of the step. */
  passing: Float64Array;
  /** What the trees say on average over the rows learnt from. */
  expected: number;
  /** `weights[d][k]`: the share of the orders of d features in which a given one comes right after a given set of k. */
  weights: Float64Array[];
}

interface Step {
  feature: number;
  above: number;
  upTo: number;
  unknown: boolean;
  passing: number;
}

/** Prepares trees to be explained: linear in their size times their depth. */
export function findWays(trees: readonly Tree[]): Ways {
  const ways = trees.flatMap((tree) => waysOf(tree, 0, []));
  const steps = ways.flatMap((way) => way.steps);
  const begins = new Int32Array(ways.length + 1);
  ways.forEach((way, leaf) => {
    begins[leaf + 1] = begins[leaf] + way.steps.length;
  });
  const longest = ways.reduce((most, way) => Math.max(most, way.steps.length), 0);
  return {
    begins,
    leaves: Float64Array.from(ways, ({ value }) => value),
    feature: Int32Array.from(steps, ({ feature }) => feature),
    above: Float64Array.from(steps, ({ above }) => above),
    upTo: Float64Array.from(steps, ({ upTo }) => upTo),
    unknown: Uint8Array.from(steps, ({ unknown }) => Number(unknown)),
    passing: Float64Array.from(steps, ({ passing }) => passing),
    expected: ways.reduce(
      (sum, way) => sum + way.value * way.steps.reduce((share, step) => share * step.passing, 1),
      0,
    ),
    weights: Array.from({ length: longest + 1 }, (_, features) => orderShares(features)),
  };
}

function waysOf(tree: Tree, node: number, steps: readonly Step[]): { value: number; steps: readonly Step[] }[] {
  const { left, right, feature, threshold, unknownLeft, cover } = tree;
  if (left[node] === node) return [{ value: tree.value[node], steps }];
  const [f, edge, unknown] = [feature[node], threshold[node], unknownLeft[node] === 1];
  const share = (child: number) => cover[child] / cover[node];
  const toLeft = { feature: f, above: Number.NaN, upTo: edge, unknown, passing: share(left[node]) };
  const toRight = {
    feature: f,
    above: edge,
    upTo: Number.POSITIVE_INFINITY,
    unknown: !unknown,
    passing: share(right[node]),
  };
  return [...waysOf(tree, left[node], withStep(steps, toLeft)), ...waysOf(tree, right[node], withStep(steps, toRight))];
}

function withStep(steps: readonly Step[], step: Step): Step[] {
  const same = steps.find(({ feature }) => feature === step.feature);
  if (!same) return [...steps, step];
  const both = {
    feature: step.feature,
    above: highest(same.above, step.above),
    upTo: Math.min(same.upTo, step.upTo),
    unknown: same.unknown && step.unknown,
    passing: same.passing * step.passing,
  };
  return steps.map((each) => (each === same ? both : each));
}

/** k! (d − 1 − k)! / d! for k from 0 to d − 1. */
function orderShares(features: number): Float64Array {
  const shares = new Float64Array(features);
  let share = 1 / features;
  for (let k = 0; k < features; k++) {
    shares[k] = share;
    share *= (k + 1) / (features - 1 - k);
  }
  return shares;
}

function highest(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

/** Rows explained together: what a leaf gives to rows that pass the same steps is worked out once. */
const BLOCK = 1024;
/** Ways of up to so many steps have a place ready for every way to pass them. */
const FEW_STEPS = 12;

/**
 * What each feature adds to the log-odds of some rows: its Shapley value in the game whose worth is the trees'
 * expectation given some features, the others averaged over by the rows learnt from (path-dependent TreeSHAP). With
 * `expected` they add up to what the trees say. Cost: rows × leaves × steps, and steps² for every way to pass a leaf's
 * steps that occurs in a block of rows. Source: Lundberg et al. 2020, From local explanations to global understanding
 * with explainable AI for trees; one result per way to pass as in Yang 2021, Fast TreeSHAP.
 * @param columns one per name that the model knows
 * @returns per row one number per name
 */
export function shapleyValues(ways: Ways, columns: readonly Float32Array[], rows: readonly number[]): Float64Array[] {
  const all: Float64Array[] = [];
  const block = blockFor(ways, columns.length);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const some = rows.slice(from, from + BLOCK);
    columns.forEach((column, f) => {
      some.forEach((row, i) => {
        block.values[f][i] = column[row];
      });
      block.sums[f].fill(0);
    });
    for (let leaf = 0; leaf < ways.leaves.length; leaf++) addLeaf(ways, leaf, block, some.length);
    for (let i = 0; i < some.length; i++) all.push(Float64Array.from(block.sums, (sum) => sum[i]));
  }
  return all;
}

/** What a block of rows needs while it is explained. */
interface Block {
  values: Float32Array[];
  /** Contributions so far, feature by feature. */
  sums: Float64Array[];
  /** Which steps of the present way each row passes, a bit each. */
  passes: Int32Array;
  /** Where the gifts to rows that pass the same steps stand, 0 for not yet known: by bits, where there are few. */
  places: Int32Array;
  /** What a leaf gives each step's feature, for each set of passed steps that occurs; the first place is empty. */
  gifts: Float64Array;
  polynomial: Float64Array;
}

function blockFor(ways: Ways, features: number): Block {
  const longest = ways.weights.length - 1;
  return {
    values: Array.from({ length: features }, () => new Float32Array(BLOCK)),
    sums: Array.from({ length: features }, () => new Float64Array(BLOCK)),
    passes: new Int32Array(BLOCK),
    places: new Int32Array(2 ** Math.min(longest, FEW_STEPS)),
    gifts: new Float64Array((BLOCK + 1) * longest),
    polynomial: new Float64Array(longest + 2),
  };
}

/** Adds what one leaf gives to the rows of a block. */
function addLeaf(ways: Ways, leaf: number, block: Block, rows: number): void {
  const { begins, feature } = ways;
  const { values, sums, passes, gifts } = block;
  const [begin, steps] = [begins[leaf], begins[leaf + 1] - begins[leaf]];
  passes.fill(0);
  for (let step = 0; step < steps; step++)
    markPassing(ways, begin + step, 1 << step, values[feature[begin + step]], passes, rows);
  findGifts(ways, leaf, block, rows);
  for (let step = 0; step < steps; step++) {
    const sum = sums[feature[begin + step]];
    for (let i = 0; i < rows; i++) sum[i] += gifts[passes[i] * steps + step];
  }
}

function markPassing(
  { above, upTo, unknown }: Ways,
  step: number,
  bit: number,
  values: Float32Array,
  passes: Int32Array,
  rows: number,
): void {
  const [low, high, whenUnknown] = [above[step], upTo[step], unknown[step] === 1];
  for (let i = 0; i < rows; i++) {
    const value = values[i];
    if (Number.isNaN(value) ? whenUnknown : value <= high && !(value <= low)) passes[i] |= bit;
  }
}

/** Works out a leaf's gifts for every set of passed steps that occurs, and turns `passes` into their places. */
function findGifts(ways: Ways, leaf: number, { passes, places, gifts, polynomial }: Block, rows: number): void {
  const steps = ways.begins[leaf + 1] - ways.begins[leaf];
  const many = steps > FEW_STEPS ? new Map<number, number>() : null;
  const seen: number[] = [];
  for (let i = 0; i < rows; i++) {
    const passed = passes[i];
    let place = many ? (many.get(passed) ?? 0) : places[passed];
    if (place === 0) {
      place = seen.push(passed);
      if (many) many.set(passed, place);
      else places[passed] = place;
      giveTo(ways, leaf, passed, polynomial, gifts.subarray(place * steps, (place + 1) * steps));
    }
    passes[i] = place;
  }
  if (!many) for (const passed of seen) places[passed] = 0;
}

/**
 * What a leaf gives the feature of each step, to rows that pass some of them. Given how many of the passing features
 * are known, what the others' shares multiply to is a polynomial; a feature is taken out of it by division.
 */
function giveTo(
  { begins, leaves, passing, weights }: Ways,
  leaf: number,
  passed: number,
  polynomial: Float64Array,
  gifts: Float64Array,
): void {
  const begin = begins[leaf];
  const shares = weights[gifts.length];
  let [missed, degree] = [leaves[leaf], 0];
  polynomial[0] = 1;
  for (let step = 0; step < gifts.length; step++) {
    if (passed & (1 << step)) multiply(polynomial, degree++, passing[begin + step]);
    else missed *= passing[begin + step];
  }
  // To have missed a step costs the same whichever it is: the leaf is lost.
  const lost = degree < gifts.length ? -missed * weighed(polynomial, degree, shares) : 0;
  for (let step = 0; step < gifts.length; step++) {
    const share = passing[begin + step];
    gifts[step] =
      passed & (1 << step) ? missed * (1 - share) * weighedWithout(polynomial, degree, share, shares) : lost;
  }
}

/** Times (x + share): known, the feature passes; unknown, a share of the rows does. */
function multiply(polynomial: Float64Array, degree: number, share: number): void {
  polynomial[degree + 1] = polynomial[degree];
  for (let k = degree; k > 0; k--) polynomial[k] = polynomial[k - 1] + share * polynomial[k];
  polynomial[0] *= share;
}

function weighed(polynomial: Float64Array, degree: number, shares: Float64Array): number {
  let sum = 0;
  for (let k = 0; k <= degree; k++) sum += polynomial[k] * shares[k];
  return sum;
}

/** The same for the polynomial divided by (x + share), from the highest power down: stable, as no share exceeds 1. */
function weighedWithout(polynomial: Float64Array, degree: number, share: number, shares: Float64Array): number {
  let quotient = polynomial[degree];
  let sum = quotient * shares[degree - 1];
  for (let k = degree - 1; k > 0; k--) {
    quotient = polynomial[k] - share * quotient;
    sum += quotient * shares[k - 1];
  }
  return sum;
}
