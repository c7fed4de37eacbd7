import { drawPartners, interval, type Measured } from './bootstrap.ts';
import { type CalibratedModel, fitCalibrated, type OutOfTime } from './calibrated.ts';
import type { Estimator } from './estimator.ts';
import { rowLogLoss } from './metrics.ts';
import { type Random, seeded, seedFor } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** An estimator fitted to a set, with what it would have said in the past. */
export interface Contender extends CalibratedModel {
  name: string;
  past: OutOfTime;
}

/** Fits every estimator to the same set; each gets its own stream of chance, so that adding one changes no other. */
export async function fitContenders(
  estimators: readonly Estimator[],
  set: TrainingSet,
  seed: number,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const estimator of estimators) {
    const fitted = await fitCalibrated(estimator, set, seeded(seedFor(seed, estimator.name)));
    contenders.push({ name: estimator.name, ...fitted });
  }
  return contenders;
}

/** The contender with the lowest log loss on the past that it had not learnt from; the simpler one among equals. */
export function chooseChampion(contenders: readonly Contender[]): Contender {
  const losses = contenders.map(({ past }) => total(past.probabilities, past.outcomes));
  return contenders[losses.indexOf(Math.min(...losses))];
}

function total(probabilities: Float64Array, outcomes: Uint8Array): number {
  return probabilities.reduce((sum, probability, row) => sum + rowLogLoss(probability, outcomes[row]), 0);
}

/** How much lower the mean log loss of one set of predictions is than that of another, by paired bootstrap. */
export function logLossGain(
  entities: readonly string[],
  outcomes: Uint8Array,
  ours: Float64Array,
  theirs: Float64Array,
  random: Random,
): Measured {
  const gains = Float64Array.from(
    ours,
    (p, row) => rowLogLoss(theirs[row], outcomes[row]) - rowLogLoss(p, outcomes[row]),
  );
  const mean = (weights: ArrayLike<number>) => {
    let sum = 0;
    let weight = 0;
    for (let row = 0; row < gains.length; row++) {
      sum += weights[row] * gains[row];
      weight += weights[row];
    }
    return sum / weight;
  };
  const replicates = Array.from(drawPartners(entities, random), mean);
  return interval(mean(new Float64Array(gains.length).fill(1)), replicates);
}
