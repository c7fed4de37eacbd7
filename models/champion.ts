import { type Measured, measureAll } from './bootstrap.ts';
import { type CalibratedByPast, type CalibratedModel, calibrateForetold, type OutOfTime } from './calibrated.ts';
import { type Estimator, type ExplainedModel, isExplained } from './estimator.ts';
import { RULES } from './estimators/index.ts';
import { foretell, foretellEach } from './foretell.ts';
import { rowLogLoss } from './metrics.ts';
import { type Random, seeded } from './random.ts';
import type { ScoringModel } from './scoring-model.ts';
import type { TrainingSet } from './training-set.ts';

/** What fitting takes beside a set. */
export interface Fitting {
  seed: number;
  /** How many threads may help. */
  threads: number;
}

/** An estimator fitted to a set, with what it would have said in the past. */
export interface Contender extends CalibratedByPast {
  name: string;
  /** The names of the contenders that it is the mean of; its own where it is none. */
  parts: readonly string[];
}

/**
 * Fits every estimator to the same set, each with the same stream of chance, so that adding one changes no other.
 * An ensemble is made of its members, which have been fitted already.
 */
export async function fitContenders(
  estimators: readonly Estimator[],
  set: TrainingSet,
  { seed, threads }: Fitting,
): Promise<Contender[]> {
  const told = await foretellEach(estimators, (estimator) => foretell(estimator, set, () => seeded(seed), threads));
  return told.map(({ name, parts, foretold }) => ({ name, parts, ...calibrateForetold(set, foretold) }));
}

/** How a champion is learnt. */
export interface LearnSettings extends Fitting {
  /** Only rules of thumb may compete: the data does not support more. */
  rulesOnly: boolean;
}

/** Lets the estimators of a model that can be published compete on a set. */
export async function learnChampion(
  model: ScoringModel,
  set: TrainingSet,
  settings: LearnSettings,
): Promise<{ contenders: Contender[]; champion: Champion }> {
  const allowed = model.estimators.filter(
    ({ name, onlyChallenges }) => !onlyChallenges && (!settings.rulesOnly || RULES.includes(name)),
  );
  const contenders = await fitContenders(allowed, set, settings);
  return { contenders, champion: chooseChampion(contenders) };
}

/** So many standard errors from 0, a 95 % interval leaves it out. */
const CLEARLY = 1.96;

/** A contender that can be published. */
export type Champion = Contender & CalibratedModel<ExplainedModel>;

/**
 * The contender with the lowest log loss on the past that it had not learnt from, among those that give their reasons;
 * the simpler one among equals. One made of others is taken only where it is clearly better than the best of them, as a
 * verdict means it: the 95 % interval of the difference leaves out 0. What is within its error of the best is as good,
 * and of those the simplest is taken (Breiman et al. 1984, Classification and regression trees, §3.4.3).
 * @throws RangeError when none gives its reasons
 */
export function chooseChampion(contenders: readonly Contender[]): Champion {
  const champion = best(contenders.filter(canBePublished).filter((each) => earnsItsParts(each, contenders)));
  if (!champion) throw new RangeError('no estimator gives its reasons, so none can be published');
  return champion;
}

/**
 * The contender that foretold some rows best, among those that give their reasons, however narrowly.
 * @param weights how much each row of the set counts
 * @throws RangeError when none gives its reasons
 */
export function foretoldBest(contenders: readonly Contender[], weights: ArrayLike<number>): Champion {
  const closest = best(contenders.filter(canBePublished), weights);
  if (!closest) throw new RangeError('no estimator gives its reasons, so none can be published');
  return closest;
}

/** Whether a contender is made of no others, or clearly better than they. */
function earnsItsParts(contender: Contender, all: readonly Contender[]): boolean {
  const part = best(all.filter(({ name }) => name !== contender.name && contender.parts.includes(name)));
  if (!part) return true;
  const { gain, error } = pairedGain(contender.past, part.past);
  return gain > CLEARLY * error;
}

/**
 * By how much the log loss of the same rows is lower, in all, and the standard error of that: rows of one partner come
 * together, so what each partner adds to the sum varies, not what each row does (a ratio's error, Cochran 1977, ch. 6).
 */
function pairedGain(ours: OutOfTime, theirs: OutOfTime): { gain: number; error: number } {
  const byPartner = new Map<string, { rows: number; gain: number }>();
  ours.entities.forEach((entity, i) => {
    const [mine, other] = [ours, theirs].map(({ probabilities }) => rowLogLoss(probabilities[i], ours.outcomes[i]));
    const { rows, gain } = byPartner.get(entity) ?? { rows: 0, gain: 0 };
    byPartner.set(entity, { rows: rows + 1, gain: gain + other - mine });
  });
  const partners = [...byPartner.values()];
  const gain = partners.reduce((sum, partner) => sum + partner.gain, 0);
  const perRow = gain / ours.entities.length;
  const spread = partners.reduce((sum, partner) => sum + (partner.gain - perRow * partner.rows) ** 2, 0);
  return { gain, error: Math.sqrt(spread) };
}

function canBePublished(contender: Contender): contender is Champion {
  return isExplained(contender.model);
}

function best<Kind extends Contender>(contenders: readonly Kind[], weights?: ArrayLike<number>): Kind | undefined {
  const losses = contenders.map(({ past }) => totalLoss(past, weights));
  return contenders[losses.indexOf(Math.min(...losses))];
}

function totalLoss({ rows, probabilities, outcomes }: OutOfTime, weights?: ArrayLike<number>): number {
  return probabilities.reduce(
    (sum, probability, i) => sum + (weights?.[rows[i]] ?? 1) * rowLogLoss(probability, outcomes[i]),
    0,
  );
}

/** How much lower the mean log loss of one set of predictions is than that of another, by paired bootstrap. */
export function logLossGain(
  entities: readonly string[],
  outcomes: Uint8Array,
  ours: Float64Array,
  theirs: Float64Array,
  random: Random,
  level?: number,
): Measured {
  const gains = Float64Array.from(
    ours,
    (p, row) => rowLogLoss(theirs[row], outcomes[row]) - rowLogLoss(p, outcomes[row]),
  );
  const [gain] = measureAll(entities, [(weights) => weightedMean(gains, weights)], random, level);
  return gain;
}

function weightedMean(values: Float64Array, weights: ArrayLike<number>): number {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < values.length; row++) {
    sum += weights[row] * values[row];
    weight += weights[row];
  }
  return sum / weight;
}
