import { z } from 'zod';
import { rowCount } from '../../../features/index.ts';
import { breathe } from '../../breathe.ts';
import { centred, centredLogs, classRows, classShares, probabilitiesOf } from '../../class-shares.ts';
import type { ClassEstimator, ClassModel, ClassSet } from '../../classes.ts';
import type { SavedModel } from '../../estimator.ts';
import { rollingOrigin } from '../../folds.ts';
import { multinomialLoss } from '../../multinomial.ts';
import { seeded } from '../../random.ts';
import { requireEveryClass } from '../require.ts';
import { binTable } from './bin-table.ts';
import {
  allowFeatures,
  type BoostingSettings,
  CAUTIOUS_TREES,
  checkedShare,
  columnsFor,
  patienceOn,
  savedSettings,
  settingsOn,
  threadsFor,
} from './boosting.ts';
import { type Crew, callCrew } from './crew.ts';
import { growTree } from './grower.ts';
import { addTree, bringTree, plainTree, savedTree, type Tree } from './tree.ts';
import { findWays, shapleyValues, type Ways } from './tree-shap.ts';
import { type Workspace, workspaceFor } from './workspace.ts';

const NAME = 'class-boosting';
/** Several classes share the rows that two would have: leaves are held back more, trees differ more. */
const PENALTY = 10;
/** A round costs a tree per class: longer steps need half as many and foretold later rows as well. */
const RATE = 0.15;
const FEATURE_SHARE = 0.3;

/** What fitting found out. */
interface Grown {
  classes: readonly string[];
  settings: BoostingSettings;
  /** Drawn once, so that a refit draws the same features. */
  seed: number;
  /** The names that trees know features by place. */
  names: readonly string[];
  /** Per class, its score before the first round. */
  intercepts: Float64Array;
  /** Per round one tree per class. */
  rounds: readonly (readonly Tree[])[];
}

/**
 * Gradient-boosted trees that tell several classes apart: every round grows a tree for each class's score, of which the
 * probabilities are the softmax. Settings are those of `boosting`, a tree there being a round here.
 * Source: Friedman 2001, Greedy function approximation: a gradient boosting machine, §4.6 (K-class logistic).
 */
export const classBoosting: ClassEstimator = classBoostingBy((set) => ({
  ...settingsOn(set, Math.min(...classRows(set))),
  rate: RATE,
  penalty: PENALTY,
  featureShare: FEATURE_SHARE,
}));

/**
 * Boosting of classes with settings of one's own; a later slice of the set tells how many rounds there are.
 * @param cellsPerThread below so many values a thread is not worth being called; that of `boosting` by default
 */
export function classBoostingBy(
  settingsOf: (set: ClassSet) => BoostingSettings,
  cellsPerThread?: number,
): ClassEstimator {
  return {
    name: NAME,
    async fit(set, random, threads = 1) {
      requireEveryClass(set, NAME);
      const settings = settingsOf(set);
      const seed = Math.floor(random() * 2 ** 31);
      const crew = await callCrew(threadsFor(set, threads, cellsPerThread));
      try {
        const trees = await howManyRounds(set, settings, seed, crew);
        return model(await grow(set, { ...settings, trees }, seed, crew));
      } finally {
        await crew.dismiss();
      }
    },
  };
}

/** After how many rounds the loss on a later slice was lowest. */
async function howManyRounds(set: ClassSet, settings: BoostingSettings, seed: number, crew: Crew): Promise<number> {
  const [fold] = rollingOrigin(set, 1, checkedShare(set, set.classes.length));
  if (!fold) return CAUTIOUS_TREES;
  const { learn, check } = fold;
  const patience = patienceOn(set);
  let scores: Float64Array[] = [];
  let [least, best] = [Number.POSITIVE_INFINITY, 1];
  await grow(learn, settings, seed, crew, ({ names, intercepts, rounds }) => {
    if (rounds.length === 1) scores = scoresAtFirst(intercepts, check.outcomes.length);
    addRound(rounds[rounds.length - 1], columnsFor(check.table, names), scores);
    const loss = multinomialLoss(scores, check.outcomes);
    if (loss < least) [least, best] = [loss, rounds.length];
    return rounds.length < best + patience;
  });
  return best;
}

/** @param goOn told after every round; growing ends when it says no */
async function grow(
  set: ClassSet,
  settings: BoostingSettings,
  seed: number,
  crew: Crew,
  goOn: (grown: Grown) => boolean = () => true,
): Promise<Grown> {
  const { classes, outcomes, table } = set;
  const { bins, binned } = await binTable(table, settings.bins, crew);
  const rounds: Tree[][] = [];
  const intercepts = centredLogs(classShares(set));
  const grown = { classes, settings, seed, names: bins.map(({ feature }) => feature), intercepts, rounds };
  if (bins.length === 0) return grown;
  const { leaves } = settings;
  const workspace = workspaceFor(binned, outcomes, 0, { leaves, threads: crew.threads });
  // All classes take a step at once, so that each may take less (Friedman 2001, §4.6).
  const growth = { ...settings, rate: (settings.rate * (classes.length - 1)) / classes.length };
  const scores = scoresAtFirst(intercepts, outcomes.length);
  const random = seeded(seed);
  return crew.at(workspace, async () => {
    while (rounds.length < settings.trees) {
      allowFeatures(workspace.allowed, settings.featureShare, random);
      const found = scores.map((_, k) => {
        const against = beginClass(workspace, scores, outcomes, k);
        const tree = growTree(workspace, bins, growth);
        return { tree, steps: against.map((logOdds, row) => workspace.logOdds[row] - logOdds) };
      });
      found.forEach(({ steps }, k) => {
        for (let row = 0; row < steps.length; row++) scores[k][row] += steps[row];
      });
      rounds.push(found.map(({ tree }) => tree));
      await breathe();
      if (!goOn(grown)) break;
    }
    return grown;
  });
}

/**
 * Turns a workspace to the question whether a row is of a class or of any other: with the log-odds of that, the
 * derivatives of the binary loss are those of the softmax's by the class's score.
 * @returns the log-odds it begins with
 */
function beginClass(
  { logOdds, outcomes }: Workspace,
  scores: readonly Float64Array[],
  classes: Uint8Array,
  k: number,
): Float64Array {
  const others = scores.filter((_, each) => each !== k);
  for (let row = 0; row < classes.length; row++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (const other of others) if (other[row] > highest) highest = other[row];
    let sum = 0;
    for (const other of others) sum += Math.exp(other[row] - highest);
    logOdds[row] = scores[k][row] - highest - Math.log(sum);
    outcomes[row] = Number(classes[row] === k);
  }
  return logOdds.slice();
}

function scoresAtFirst(intercepts: Float64Array, rows: number): Float64Array[] {
  return Array.from(intercepts, (intercept) => new Float64Array(rows).fill(intercept));
}

function addRound(round: readonly Tree[], columns: readonly Float32Array[], scores: readonly Float64Array[]): void {
  round.forEach((tree, k) => {
    addTree(tree, columns, scores[k]);
  });
}

function model(grown: Grown): ClassModel {
  const { classes, names, intercepts, rounds, settings, seed } = grown;
  let ways: Ways[] | null = null;
  return {
    estimator: NAME,
    classes,
    predict(table) {
      const scores = scoresAtFirst(intercepts, rowCount(table));
      const columns = columnsFor(table, names);
      for (const round of rounds) addRound(round, columns, scores);
      return probabilitiesOf(scores);
    },
    explain(table, rows) {
      ways ??= classes.map((_, k) => findWays(rounds.map((round) => round[k])));
      const columns = columnsFor(table, names);
      const ofClasses = ways.map((each) => shapleyValues(each, columns, rows));
      return {
        intercepts: centred(intercepts.map((intercept, k) => intercept + (ways as Ways[])[k].expected)),
        features: names,
        contributions: rows.map((_, i) => centredOverClasses(ofClasses.map((ofRows) => ofRows[i]))),
      };
    },
    refit: async (set) => model(await grow(set, settings, seed, await callCrew(1))),
    save: () => ({
      estimator: NAME,
      classes,
      settings,
      seed,
      names,
      intercepts: [...intercepts],
      rounds: rounds.map((round) => round.map(plainTree)),
    }),
  };
}

/** What each feature adds to each class's score, against the average class. */
function centredOverClasses(ofClasses: readonly Float64Array[]): Float64Array[] {
  const means = ofClasses[0].map((_, f) => ofClasses.reduce((sum, each) => sum + each[f], 0) / ofClasses.length);
  return ofClasses.map((each) => each.map((value, f) => value - means[f]));
}

const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    classes: z.array(z.string()).min(2).max(255),
    settings: savedSettings,
    seed: z.int(),
    names: z.array(z.string()).max(10_000),
    intercepts: z.array(z.number()),
    rounds: z.array(z.array(savedTree)).max(10_000),
  })
  .refine(({ classes, intercepts }) => intercepts.length === classes.length, 'one intercept per class')
  .refine(({ classes, rounds }) => rounds.every((round) => round.length === classes.length), 'one tree per class');

/** @param saved what `save` gave */
export function loadClassBoosting(saved: SavedModel): ClassModel {
  const { intercepts, rounds, ...grown } = savedForm.parse(saved);
  return model({
    ...grown,
    intercepts: Float64Array.from(intercepts),
    rounds: rounds.map((round) => round.map((tree) => bringTree(tree, grown.names.length))),
  });
}
