import { z } from 'zod';
import { column, type FeatureTable, rowCount } from '../../../features/index.ts';
import { breathe } from '../../breathe.ts';
import { type Estimator, logit, type Model, type SavedModel } from '../../estimator.ts';
import { rollingOrigin } from '../../folds.ts';
import { rowLogLoss } from '../../metrics.ts';
import { sigmoid } from '../../newton.ts';
import { type Random, seeded } from '../../random.ts';
import { baseRate, type LabelledRows, positives, type TrainingSet } from '../../training-set.ts';
import { requireLearnable } from '../require.ts';
import { binTable } from './bin-table.ts';
import { MOST_KNOWN_BINS } from './bins.ts';
import { type Crew, callCrew } from './crew.ts';
import { type Growth, growTree } from './grower.ts';
import { addTree, bringTree, plainTree, savedTree, type Tree } from './tree.ts';
import { findWays, shapleyValues, type Ways } from './tree-shap.ts';
import { workspaceFor } from './workspace.ts';

const NAME = 'boosting';

/** How an ensemble is grown. */
export interface BoostingSettings extends Growth {
  /** Most bins of a feature's known values, up to 255. */
  bins: number;
  /** Most trees. */
  trees: number;
  /** Share of the features, drawn anew for each tree, that it may use (Ho 1998, the random subspace method). */
  featureShare: number;
}

/** What fitting found out. */
interface Grown {
  settings: BoostingSettings;
  /** Drawn once, so that a refit draws the same features. */
  seed: number;
  /** The names that trees know features by place. */
  names: readonly string[];
  /** Log-odds before the first tree. */
  intercept: number;
  trees: readonly Tree[];
}

/** The smaller class has about so many rows per leaf that is allowed: trees as fine as the data can bear. */
const CASES_PER_LEAF = 100;
const LEAVES = { least: 4, most: 31 };
/** Ways through trees are told by bits: no way is longer than a word. */
const MOST_LEAVES = 31;
/** Steps are small where there is little to learn from, so that the number of trees can be told. */
const RATE = { few: 0.07, many: 0.1 };
const MANY_ROWS = 20_000;
/** Finer bins than the rows can tell apart cost time and nothing else. */
const ROWS_PER_BIN = 100;
const FEWEST_BINS = 32;
const PENALTY = 1;
const LEAST_CURVATURE = 3;
const FEATURE_SHARE = 0.5;
const MOST_TREES = 500;
/** So many trees without a lower loss on later rows are enough; on many rows it goes on falling for longer. */
const PATIENCE = { few: 30, many: 50 };
/** Without a later slice to look at, few trees do the least harm. */
export const CAUTIOUS_TREES = 40;
/** The later slice has so many cases of either outcome, or this share of the cutoffs: what it takes, the past lacks. */
const CHECKED_CASES = 300;
const MOST_CHECKED = 0.3;
const CELLS_PER_THREAD = 1_000_000;

/**
 * Gradient-boosted trees on histograms. How fine trees may be follows from how much there is to learn from; how many
 * there are is what foretold a later slice of the set best, learnt from what had matured before it (early stopping).
 * Sources: Friedman 2001; Chen & Guestrin 2016 (XGBoost); Ke et al. 2017 (LightGBM).
 */
export const boosting = boostingBy(settingsFor);

/**
 * Boosting with settings of one's own.
 * @param stopEarly whether a later slice tells how many trees there are; if not, there are as many as the settings say
 * @param cellsPerThread below so many values a thread is not worth being called
 */
export function boostingBy(
  settingsOf: (set: TrainingSet) => BoostingSettings,
  { stopEarly = true, cellsPerThread = CELLS_PER_THREAD } = {},
): Estimator {
  return {
    name: NAME,
    fit(set, random, threads = 1) {
      return withCrew(set, threads, cellsPerThread, async (crew) => {
        requireLearnable(set, NAME);
        const settings = settingsOf(set);
        const seed = Math.floor(random() * 2 ** 31);
        const trees = stopEarly ? await howManyTrees(set, settings, seed, crew) : settings.trees;
        return model(await grow(set, { ...settings, trees }, seed, crew), cellsPerThread);
      });
    },
  };
}

/** Calls up as many threads as a set is worth, at most so many, for as long as some work takes. */
async function withCrew<Result>(
  set: TrainingSet,
  threads: number,
  cellsPerThread: number,
  work: (crew: Crew) => Promise<Result>,
): Promise<Result> {
  const crew = callCrew(threadsFor(set, threads, cellsPerThread));
  try {
    return await work(crew);
  } finally {
    await crew.dismiss();
  }
}

function settingsFor(set: TrainingSet): BoostingSettings {
  return settingsOn(set, Math.min(positives(set), set.outcomes.length - positives(set)));
}

/**
 * Settings for a set.
 * @param cases how many rows its smallest class has
 */
export function settingsOn(set: LabelledRows, cases: number): BoostingSettings {
  return {
    leaves: Math.max(LEAVES.least, Math.min(LEAVES.most, Math.round(cases / CASES_PER_LEAF))),
    rate: set.outcomes.length < MANY_ROWS ? RATE.few : RATE.many,
    penalty: PENALTY,
    leastCurvature: LEAST_CURVATURE,
    trees: MOST_TREES,
    bins: Math.max(FEWEST_BINS, Math.min(MOST_KNOWN_BINS, Math.round(set.outcomes.length / ROWS_PER_BIN))),
    featureShare: FEATURE_SHARE,
  };
}

/** How many of some threads are worth being called for a set. */
export function threadsFor({ table }: LabelledRows, threads: number, cellsPerThread = CELLS_PER_THREAD): number {
  const cells = rowCount(table) * table.names.length;
  return Math.min(threads, Math.max(1, Math.floor(cells / cellsPerThread)));
}

/** How many trees without a lower loss are enough. */
export function patienceOn(set: LabelledRows): number {
  return set.outcomes.length < MANY_ROWS ? PATIENCE.few : PATIENCE.many;
}

/** After how many trees the loss on a later slice was lowest. */
async function howManyTrees(set: TrainingSet, settings: BoostingSettings, seed: number, crew: Crew): Promise<number> {
  const [fold] = rollingOrigin(set, 1, checkedShare(set));
  if (!fold) return CAUTIOUS_TREES;
  const { learn, check } = fold;
  let columns: readonly Float32Array[] = [];
  let logOdds = new Float64Array(0);
  const patience = patienceOn(set);
  let [least, best] = [Number.POSITIVE_INFINITY, 1];
  await grow(learn, settings, seed, crew, ({ names, intercept, trees }) => {
    if (trees.length === 1) {
      columns = columnsFor(check.table, names);
      logOdds = new Float64Array(check.outcomes.length).fill(intercept);
    }
    addTree(trees[trees.length - 1], columns, logOdds);
    const loss = logOdds.reduce((sum, each, row) => sum + rowLogLoss(sigmoid(each), check.outcomes[row]), 0);
    if (loss < least) [least, best] = [loss, trees.length];
    return trees.length < best + patience;
  });
  return best;
}

/**
 * The share of the cutoffs, counted from the end, that is enough to tell after how many trees to stop.
 * @param classes how many different outcomes there are
 */
export function checkedShare({ table, outcomes }: LabelledRows, classes = 2): number {
  const cutoffs = [...new Set(table.cutoffs)].sort((a, b) => b - a);
  const cases = new Map(cutoffs.map((cutoff) => [cutoff, new Array<number>(classes).fill(0)]));
  outcomes.forEach((outcome, row) => {
    (cases.get(table.cutoffs[row]) as number[])[outcome]++;
  });
  const held = new Array<number>(classes).fill(0);
  const enough = cutoffs.findIndex((cutoff) => {
    cases.get(cutoff)?.forEach((rows, outcome) => {
      held[outcome] += rows;
    });
    return Math.min(...held) >= CHECKED_CASES;
  });
  return enough < 0 ? MOST_CHECKED : Math.min(MOST_CHECKED, (enough + 1) / cutoffs.length);
}

/** @param goOn told after every tree; growing ends when it says no */
async function grow(
  set: TrainingSet,
  settings: BoostingSettings,
  seed: number,
  crew: Crew,
  goOn: (grown: Grown) => boolean = () => true,
): Promise<Grown> {
  const { bins, binned } = await binTable(set.table, settings.bins, crew);
  const trees: Tree[] = [];
  const names = bins.map(({ feature }) => feature);
  const grown = { settings, seed, names, intercept: logit(baseRate(set)), trees };
  if (bins.length === 0) return grown;
  const workspace = workspaceFor(binned, set.outcomes, grown.intercept, {
    leaves: settings.leaves,
    threads: crew.threads,
  });
  const random = seeded(seed);
  return crew.at(workspace, async () => {
    while (trees.length < settings.trees) {
      allowFeatures(workspace.allowed, settings.featureShare, random);
      trees.push(growTree(workspace, bins, settings));
      await breathe();
      if (!goOn(grown)) break;
    }
    return grown;
  });
}

/** Draws which features a tree may use: a share of them, at least one. */
export function allowFeatures(allowed: Uint8Array, share: number, random: Random): void {
  const many = Math.max(1, Math.round(share * allowed.length));
  const places = [...allowed.keys()];
  for (let i = 0; i < many; i++) {
    const j = i + Math.floor(random() * (places.length - i));
    [places[i], places[j]] = [places[j], places[i]];
  }
  allowed.fill(0);
  for (const place of places.slice(0, many)) allowed[place] = 1;
}

export function columnsFor(table: FeatureTable, names: readonly string[]): Float32Array[] {
  return names.map((name) => column(table, name));
}

function model(grown: Grown, cellsPerThread: number): Model {
  const { names, intercept, trees, settings, seed } = grown;
  let ways: Ways | null = null;
  return {
    estimator: NAME,
    predict(table) {
      const logOdds = new Float64Array(rowCount(table)).fill(intercept);
      const columns = columnsFor(table, names);
      for (const tree of trees) addTree(tree, columns, logOdds);
      return logOdds.map(sigmoid);
    },
    explain(table, rows) {
      ways ??= findWays(trees);
      const contributions = shapleyValues(ways, columnsFor(table, names), rows);
      return { intercept: intercept + ways.expected, features: names, contributions };
    },
    refit: (set, threads = 1) =>
      withCrew(set, threads, cellsPerThread, async (crew) =>
        model(await grow(set, settings, seed, crew), cellsPerThread),
      ),
    save: () => ({ estimator: NAME, settings, seed, names, intercept, trees: trees.map(plainTree) }),
  };
}

const growth = {
  leaves: z.int().min(2).max(MOST_LEAVES),
  rate: z.number().positive(),
  penalty: z.number().nonnegative(),
  leastCurvature: z.number().nonnegative(),
};
/** Settings as they are saved. */
export const savedSettings = z.strictObject({
  ...growth,
  trees: z.int().nonnegative(),
  bins: z.int().min(2).max(MOST_KNOWN_BINS),
  featureShare: z.number().min(0).max(1),
});
const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  settings: savedSettings,
  seed: z.int(),
  names: z.array(z.string()).max(10_000),
  intercept: z.number(),
  trees: z.array(savedTree).max(10_000),
});

/** @param saved what `save` gave */
export function loadBoosting(saved: SavedModel): Model {
  const { trees, ...grown } = savedForm.parse(saved);
  return model({ ...grown, trees: trees.map((tree) => bringTree(tree, grown.names.length)) }, CELLS_PER_THREAD);
}
