import { describedFeatures, type FeatureTable, type Instant } from '../features/index.ts';
import { predictClasses } from './class-calibrated.ts';
import type { ClassScoringModel } from './class-scoring-model.ts';
import type { FittedClassVersion } from './class-train.ts';
import type { ClassExplanations } from './classes.ts';
import { inputsDigests } from './inputs-digest.ts';
import { softmax } from './multinomial.ts';
import { type Directions, prepareTelling, type Reason, type Telling, tellReasons } from './reasons.ts';
import { intervalOf } from './refits.ts';
import type { Balance, Beside, Evidence } from './score.ts';

/** One class's chance for one partner. */
export interface ClassChance {
  class: string;
  probability: number;
  /** 90 % interval of the probability, over resampled partners (see `intervalOf`). */
  low: number;
  high: number;
}

/** One partner's score on one day: the chances of all classes, and why one of them rather than another. */
export interface ClassScore {
  entityId: string;
  asOf: Instant;
  horizonDays: number;
  /** In the order of the classes; the probabilities add up to 1. */
  chances: readonly ClassChance[];
  /** The class with the highest probability. */
  likeliest: string;
  /** What the reasons speak for, and against what (see `tellingPair`). */
  toward: string;
  ratherThan: string;
  reasons: Reason[];
  /** Features that were unknown. */
  missing: string[];
  evidence: Evidence & Balance;
  /** Tells whether its features are the same again (see `inputsDigests`). */
  inputsDigest: string;
}

/**
 * Scores everyone at risk on one day.
 * @param table the features of one cutoff, all partners known then
 * @param besides per row at risk, by partner
 * @param currency ISO 4217 code of the reporting currency
 */
export function scoreClasses(
  model: ClassScoringModel,
  fitted: FittedClassVersion,
  table: FeatureTable,
  besides: ReadonlyMap<string, Beside>,
  currency: string,
): ClassScore[] {
  const { classes } = fitted;
  const said = predictClasses(fitted.champion, table);
  const refits = fitted.refits.map((refit) => predictClasses(refit, table));
  const rows = [...table.entities.keys()].filter((row) => table.atRisk[row]);
  const explanations = fitted.champion.model.explain(table, rows);
  const telling = prepareTelling(model.view, {}, table, currency);
  const digestOf = inputsDigests(table);
  const names = describedFeatures(model.view).map(({ name }) => name);
  return rows.map((row, i) => {
    const beside = besides.get(table.entities[row]);
    if (!beside) throw new RangeError(`nothing beside the features is known of ${table.entities[row]}`);
    const probabilities = said.map((ofClass) => ofClass[row]);
    const why = reasonsOf(telling, fitted.directions, explanations, { row, i, probabilities }, beside);
    return {
      entityId: table.entities[row],
      asOf: table.cutoffs[row],
      horizonDays: model.label.horizonDays,
      chances: classes.map((name, k) => ({
        class: name,
        probability: probabilities[k],
        ...intervalOf(
          probabilities[k],
          refits.map((refit) => refit[k][row]),
        ),
      })),
      likeliest: classes[largest(probabilities)],
      toward: classes[why.toward],
      ratherThan: classes[why.ratherThan],
      reasons: why.reasons,
      missing: names.filter((_, f) => Number.isNaN(table.columns[f][row])),
      evidence: { ...beside.evidence, ...why.balance },
      inputsDigest: digestOf(row),
    };
  });
}

/**
 * The class that tells most of a partner, and the likeliest of the others, which it is told against: of what is said
 * beyond what would be said of anybody, it has the largest share (the largest term of the Kullback–Leibler divergence).
 * @param anybody what is said of anybody, one probability per class
 * @returns places of the two classes
 */
export function tellingPair(
  probabilities: readonly number[],
  anybody: readonly number[],
): { toward: number; ratherThan: number } {
  const toward = largest(probabilities.map((p, k) => p * Math.log(p / anybody[k])));
  const ratherThan = largest(probabilities.map((p, k) => (k === toward ? Number.NEGATIVE_INFINITY : p)));
  return { toward, ratherThan };
}

/** The reasons of a row: what speaks for the telling class, in log-odds against the other. */
function reasonsOf(
  telling: Telling,
  directions: readonly Directions[],
  { intercepts, features, contributions }: ClassExplanations,
  { row, i, probabilities }: { row: number; i: number; probabilities: readonly number[] },
  beside: Beside,
) {
  const anybody = softmax(Array.from(intercepts, (score) => Float64Array.of(score))).map(([p]) => p);
  const { toward, ratherThan } = tellingPair(probabilities, anybody);
  const between = features.map((feature, f) => ({
    feature,
    logOdds: contributions[i][toward][f] - contributions[i][ratherThan][f],
  }));
  const went = Object.fromEntries(
    Object.keys(directions[toward]).map((name) => [name, directions[toward][name] - directions[ratherThan][name]]),
  );
  const told = tellReasons({ ...telling, directions: went }, row, between, beside.usual);
  // What would make a reason to be glad of go away is no advice.
  const reasons = toward < ratherThan ? told : told.map((reason) => ({ ...reason, clears: null }));
  const baseLogOdds = intercepts[toward] - intercepts[ratherThan];
  const raw = reasons.reduce((sum, { log_odds }) => sum + log_odds, baseLogOdds);
  const calibrationLogOdds = Math.log(probabilities[toward] / probabilities[ratherThan]) - raw;
  return { toward, ratherThan, reasons, balance: { baseLogOdds, calibrationLogOdds } };
}

/** The place of the largest number, the first among equals. */
function largest(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers));
}
