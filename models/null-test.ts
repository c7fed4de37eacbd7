import { rowsByCutoff } from '../features/index.ts';
import type { Measured } from './bootstrap.ts';
import { correctPast, type OutOfTime } from './calibrated.ts';
import { type Fitting, logLossGain } from './champion.ts';
import type { Estimator } from './estimator.ts';
import { baseRateEstimator } from './estimators/base-rate.ts';
import { hasBothClasses } from './folds.ts';
import { foretellPast } from './foretell.ts';
import { type Random, seeded, seedFor } from './random.ts';
import { everySoManyPartners, type TrainingSet } from './training-set.ts';

/** What an estimator finds where there is nothing to be found. */
export interface NullTest {
  /** How much lower its log loss was than the base rate's, with a 99 % interval over partners. */
  gain: Measured;
  passed: boolean;
}

/** More rows than these show a leak no better. */
const ENOUGH_ROWS = 10_000;
/** One honest training in two hundred would be called a leak. */
const LEVEL = 0.99;

/**
 * Deals the outcomes out anew among the rows of each cutoff and lets an estimator foretell them as it does in training:
 * whatever it then finds beyond the base rate leaked in by the way it is fitted, calibrated or judged.
 * Source: Ojala & Garriga 2010, Permutation tests for studying classifier performance.
 * @returns null where there is too little past to foretell anything
 */
export async function nullTest(estimator: Estimator, set: TrainingSet, fitting: Fitting): Promise<NullTest | null> {
  const chance = seeded(seedFor(fitting.seed, 'null test'));
  const some = everySoManyPartners(set, ENOUGH_ROWS);
  const dealt = dealAnew(hasBothClasses(some) ? some : set, chance);
  const [anyone, { entities, outcomes, probabilities }] = [
    await pastOf(baseRateEstimator, dealt, fitting),
    await pastOf(estimator, dealt, fitting),
  ];
  if (entities.length === 0) return null;
  const gain = logLossGain(entities, outcomes, probabilities, anyone.probabilities, chance, LEVEL);
  return { gain, passed: gain.low <= 0 };
}

/** What an estimator foretells in training; what it learns from the whole set, nobody asks. */
async function pastOf(estimator: Estimator, set: TrainingSet, { seed, threads }: Fitting): Promise<OutOfTime> {
  return correctPast(set, await foretellPast(estimator, set, () => seeded(seed), threads)).past;
}

/** What a null test means, in a sentence. */
export function tellNullTest({ gain, passed }: NullTest, champion: string): string {
  if (passed) return `Where outcomes are dealt by lot, ${champion} finds nothing, as it must.`;
  return (
    `Do not trust this version before you know why: with outcomes dealt by lot, ${champion} still foretold them ` +
    `(log loss lower by ${gain.value.toFixed(4)}, 99 % ${gain.low.toFixed(4)} to ${gain.high.toFixed(4)}). ` +
    'The way it is fitted, calibrated or judged lets outcomes through: a fault of the program, not of your data.'
  );
}

/** The same rows with their outcomes shuffled within each cutoff (Fisher & Yates 1938); waits and amounts go with outcomes. */
export function dealAnew(set: TrainingSet, random: Random): TrainingSet {
  const from = Uint32Array.from(set.outcomes.keys());
  for (const rows of rowsByCutoff(set.table).values()) {
    for (let last = rows.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [from[rows[last]], from[rows[other]]] = [from[rows[other]], from[rows[last]]];
    }
  }
  const { waits, amounts } = set;
  return {
    ...set,
    outcomes: Uint8Array.from(from, (row) => set.outcomes[row]),
    ...(waits && {
      waits: {
        from: Float32Array.from(from, (row) => waits.from[row]),
        until: Float32Array.from(from, (row) => waits.until[row]),
      },
    }),
    ...(amounts && { amounts: Float64Array.from(from, (row) => amounts[row]) }),
  };
}
