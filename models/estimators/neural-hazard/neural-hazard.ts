import { z } from 'zod';
import { column, type FeatureTable, rowCount } from '../../../features/index.ts';
import type { Estimator, Model, SavedModel } from '../../estimator.ts';
import { rollingOrigin } from '../../folds.ts';
import { rowLogLoss } from '../../metrics.ts';
import { seeded, seedFor } from '../../random.ts';
import { savedTerms, type Term, termsOf, termValue } from '../../terms.ts';
import type { TrainingSet } from '../../training-set.ts';
import { waitsFromOutcomes } from '../../waits.ts';
import { requireLearnable } from '../require.ts';
import { type Tensors, tensorsOn } from './backend.ts';
import { drawRows } from './draw-rows.ts';
import { edgesOf, exposuresOf } from './intervals.ts';
import { type Examples, learnNetwork, stepsPerPass } from './learn.ts';
import { hazardsOf, type Network } from './network.ts';

const NAME = 'neural-hazard';
/** Networks that differ by chance alone and are averaged: single ones scatter. */
const MEMBERS = 1;
/** The latest share of the cutoffs tells when to stop. */
const CHECKED_SHARE = 0.2;
/** It learns for so many steps at most, as long as that is neither too few nor too many passes over the rows. */
const MOST_STEPS = 800;
const FEWEST_PASSES = 5;
const MOST_PASSES = 80;
/** Stop when so many passes have brought nothing. */
const PATIENCE = 10;
/** More rows are not learnt from: partners are drawn. */
const MOST_ROWS = 50_000;
/** Keeps probabilities strictly between 0 and 1. */
const EDGE = 1e-12;

/** The chance of being quiet, as it falls with time. */
export interface SurvivalCurves {
  /** From where the label's window begins; ascending, the horizon among them. */
  days: readonly number[];
  /** Per row, one per day; never rising. */
  probabilities: readonly Float64Array[];
}

/** A model that foresees how long a partner waits, not only whether it is quiet through the horizon. */
export interface HazardModel extends Model {
  survival(table: FeatureTable): SurvivalCurves;
}

/** What was chosen before learning, and is kept when it learns again from other rows. */
interface Plan {
  terms: readonly Term[];
  passes: number;
  seed: number;
}

interface Fitted extends Plan {
  edges: readonly number[];
  horizonDays: number;
  members: readonly Network[];
}

/**
 * A neural discrete-time hazard: from the terms of the logistic regression a small network foresees, for each interval
 * of the wait, the chance of the next event in it given none before. Being quiet through a day is the product of what
 * is left, so the curve never rises, and P(outcome) is its value at the horizon. Waits that were cut short teach as far
 * as they went. When to stop learning is told by the latest cutoffs; then it learns again from all. It has no exact
 * contributions, so it challenges in backtests and is not published.
 * Source: Gensheimer & Narasimhan 2019; Kvamme & Borgan 2021; Singer & Willett 1993.
 */
export const neuralHazard: Estimator = neuralHazardOn(tensorsOn);

/** @param load brings what the networks are learnt on; predicting needs nothing of it */
export function neuralHazardOn(load: () => Promise<Tensors>): Estimator {
  return {
    name: NAME,
    onlyChallenges: true,
    async fit(set, random): Promise<HazardModel> {
      requireLearnable(set, NAME);
      const seed = Math.floor(random() * 2 ** 31);
      const learnt = drawn(set, seed);
      const tensors = await load();
      const passes = await choosePasses(tensors, learnt, seed);
      return model(await fitWith(tensors, learnt, { terms: termsOf(learnt.table), passes, seed }), load);
    },
  };
}

const savedLayer = z.strictObject({ weights: z.array(z.number()), bias: z.array(z.number()).min(1) });
const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    terms: savedTerms,
    passes: z.int().positive(),
    seed: z.int(),
    edges: z.array(z.number().positive()).min(1).max(1000),
    horizonDays: z.number().positive(),
    members: z
      .array(z.strictObject({ hidden: savedLayer, hazards: savedLayer }))
      .min(1)
      .max(1000),
  })
  .refine(({ edges, horizonDays }) => edges.includes(horizonDays), 'the horizon is an edge')
  .refine(({ edges }) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]), 'edges ascend')
  .refine(
    ({ terms, edges, members }) =>
      members.every(
        ({ hidden, hazards }) =>
          hidden.weights.length === widthOf(terms) * hidden.bias.length &&
          hazards.weights.length === hidden.bias.length * hazards.bias.length &&
          hazards.bias.length === edges.length,
      ),
    'the layers fit each other, the terms and the edges',
  );

/** @param saved what `save` gave */
export function loadNeuralHazard(saved: SavedModel): HazardModel {
  const { estimator: _, members, ...rest } = savedForm.parse(saved);
  const layer = ({ weights, bias }: z.infer<typeof savedLayer>) => ({
    weights: Float32Array.from(weights),
    bias: Float32Array.from(bias),
  });
  const networks = members.map(({ hidden, hazards }) => ({ hidden: layer(hidden), hazards: layer(hazards) }));
  return model({ ...rest, members: networks }, tensorsOn);
}

function drawn(set: TrainingSet, seed: number): TrainingSet {
  return drawRows(set, MOST_ROWS, seeded(seedFor(seed, 'rows')));
}

/**
 * How many passes over the rows foretell best: a network learns from what had matured before the latest cutoffs and is
 * asked about them after each pass.
 */
async function choosePasses(tensors: Tensors, set: TrainingSet, seed: number): Promise<number> {
  const most = mostPasses(set.outcomes.length);
  const [fold] = rollingOrigin(set, 1, CHECKED_SHARE);
  if (!fold) return most;
  const terms = termsOf(fold.learn.table);
  const unseen = fold.check;
  const horizon = edgesOf(set.label.horizonDays).indexOf(set.label.horizonDays);
  const losses: number[] = [];
  await learnNetwork(tensors, examplesOf(fold.learn, terms), most, seeded(seedFor(seed, 'stop')), (network) => {
    const hazards = eachRow(unseen.table, terms, (inputs) => hazardsOf(network, inputs));
    losses.push(hazards.reduce((sum, each, row) => sum + rowLogLoss(quiet(each, horizon), unseen.outcomes[row]), 0));
    return losses.length - bestOf(losses) <= PATIENCE;
  });
  return bestOf(losses);
}

/** After how many passes the loss was lowest. */
function bestOf(losses: readonly number[]): number {
  return losses.indexOf(Math.min(...losses)) + 1;
}

function mostPasses(rows: number): number {
  return Math.min(MOST_PASSES, Math.max(FEWEST_PASSES, Math.ceil(MOST_STEPS / stepsPerPass(rows))));
}

async function fitWith(tensors: Tensors, set: TrainingSet, plan: Plan): Promise<Fitted> {
  const examples = examplesOf(set, plan.terms);
  const members: Network[] = [];
  for (let member = 0; member < MEMBERS; member++) {
    const random = seeded(seedFor(plan.seed, `member ${member}`));
    members.push(await learnNetwork(tensors, examples, plan.passes, random));
  }
  const { horizonDays } = set.label;
  return { ...plan, edges: edgesOf(horizonDays), horizonDays, members };
}

function examplesOf({ table, outcomes, label, waits }: TrainingSet, terms: readonly Term[]): Examples {
  const edges = edgesOf(label.horizonDays);
  return {
    rows: rowCount(table),
    inputs: inputsOf(table, terms),
    width: widthOf(terms),
    exposures: exposuresOf(waits ?? waitsFromOutcomes(outcomes, label), edges),
    intervals: edges.length,
  };
}

/** One input per term; without any, one that is always 0, so that there is something to multiply. */
function widthOf(terms: readonly Term[]): number {
  return Math.max(1, terms.length);
}

/** rows × width. */
function inputsOf(table: FeatureTable, terms: readonly Term[]): Float32Array {
  const width = widthOf(terms);
  const inputs = new Float32Array(rowCount(table) * width);
  terms.forEach((term, i) => {
    column(table, term.feature).forEach((value, row) => {
      inputs[row * width + i] = termValue(term, value);
    });
  });
  return inputs;
}

/** What comes of the inputs of each row. */
function eachRow<Result>(
  table: FeatureTable,
  terms: readonly Term[],
  make: (inputs: Float32Array) => Result,
): Result[] {
  const inputs = new Float32Array(widthOf(terms));
  const columns = terms.map(({ feature }) => column(table, feature));
  return Array.from({ length: rowCount(table) }, (_, row) => {
    for (let i = 0; i < terms.length; i++) inputs[i] = termValue(terms[i], columns[i][row]);
    return make(inputs);
  });
}

/** The chance of no event through an interval. */
function quiet(hazards: Float64Array, interval: number): number {
  let cumulative = 0;
  for (let i = 0; i <= interval; i++) cumulative += hazards[i];
  return Math.min(1 - EDGE, Math.max(EDGE, Math.exp(-cumulative)));
}

function model(fitted: Fitted, load: () => Promise<Tensors>): HazardModel {
  const { terms, passes, seed, edges, horizonDays, members } = fitted;
  const hazardsOfAll = (table: FeatureTable) => eachRow(table, terms, (inputs) => meanHazards(members, inputs));
  return {
    estimator: NAME,
    predict(table) {
      const horizon = edges.indexOf(horizonDays);
      return Float64Array.from(hazardsOfAll(table), (hazards) => quiet(hazards, horizon));
    },
    survival: (table) => ({
      days: edges,
      probabilities: hazardsOfAll(table).map((hazards) => hazards.map((_, interval) => quiet(hazards, interval))),
    }),
    refit: async (set) => model(await fitWith(await load(), drawn(set, seed), { terms, passes, seed }), load),
    save: () => ({ estimator: NAME, terms, passes, seed, edges, horizonDays, members: members.map(plain) }),
  };
}

/** Cumulative hazards are averaged: the geometric mean of what the members say of being quiet. */
function meanHazards(members: readonly Network[], inputs: Float32Array): Float64Array {
  const mean = new Float64Array(members[0].hazards.bias.length);
  for (const member of members) {
    hazardsOf(member, inputs).forEach((hazard, i) => {
      mean[i] += hazard / members.length;
    });
  }
  return mean;
}

function plain({ hidden, hazards }: Network) {
  const layer = ({ weights, bias }: Network['hidden']) => ({ weights: [...weights], bias: [...bias] });
  return { hidden: layer(hidden), hazards: layer(hazards) };
}
