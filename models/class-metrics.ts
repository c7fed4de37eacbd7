import { rowLogLoss } from './metrics.ts';

/** What was said of some rows, and which class each turned out to be. */
export interface ClassesSaid {
  /** Per class one probability per row. */
  probabilities: readonly Float64Array[];
  /** The class of each row, from 0. */
  outcomes: Uint8Array;
}

/**
 * A figure of merit for predictions of several classes. `compute` gets the weight of every row (1 each, or how often a
 * bootstrap drew its partner) and returns NaN when no row has any.
 */
export interface ClassMetric {
  name: string;
  better: 'higher' | 'lower';
  compute(said: ClassesSaid, weights: ArrayLike<number>): number;
}

function mean({ outcomes }: ClassesSaid, weights: ArrayLike<number>, loss: (row: number) => number): number {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < outcomes.length; row++) {
    sum += weights[row] * loss(row);
    weight += weights[row];
  }
  return sum / weight;
}

/** Mean of −ln(the probability given to the class that it was), in nats. 0 is perfect. */
const logLoss: ClassMetric = {
  name: 'log_loss',
  better: 'lower',
  compute: (said, weights) => mean(said, weights, (row) => rowLogLoss(said.probabilities[said.outcomes[row]][row], 1)),
};

/**
 * Mean squared distance of what was said and what happened to "this class or one before it", over all classes but the
 * last: being far off costs more than being next to it, so that classes must be numbered in their order. 0 is perfect,
 * 1 the worst; with two classes it is the Brier score (Epstein 1969, divided by classes − 1).
 */
const rankedProbabilityScore: ClassMetric = {
  name: 'rps',
  better: 'lower',
  compute: (said, weights) => mean(said, weights, (row) => rankedDistance(said, row)),
};

function rankedDistance({ probabilities, outcomes }: ClassesSaid, row: number): number {
  const steps = probabilities.length - 1;
  let upTo = 0;
  let sum = 0;
  for (let k = 0; k < steps; k++) {
    upTo += probabilities[k][row];
    sum += (upTo - Number(outcomes[row] <= k)) ** 2;
  }
  return sum / steps;
}

/**
 * F1 of each class, where the class called is the one with the highest probability (the first among equals), averaged
 * over the classes alike, however rare; a class that neither was nor was called is left out. 0 to 1. What is never
 * called has an F1 of 0, so that rare classes weigh heavily: a good forecast of a rare class need not call it.
 */
const macroF1: ClassMetric = {
  name: 'macro_f1',
  better: 'higher',
  compute(said, weights) {
    const counts = said.probabilities.map(() => ({ hits: 0, called: 0, were: 0 }));
    said.outcomes.forEach((outcome, row) => {
      const called = mostLikely(said, row);
      counts[called].called += weights[row];
      counts[outcome].were += weights[row];
      if (called === outcome) counts[outcome].hits += weights[row];
    });
    const present = counts.filter(({ called, were }) => called + were > 0);
    return present.reduce((sum, { hits, called, were }) => sum + (2 * hits) / (called + were), 0) / present.length;
  },
};

function mostLikely({ probabilities }: ClassesSaid, row: number): number {
  let best = 0;
  for (let k = 1; k < probabilities.length; k++) {
    if (probabilities[k][row] > probabilities[best][row]) best = k;
  }
  return best;
}

/** Every figure of merit of several classes. */
export const classMetrics: readonly ClassMetric[] = [logLoss, rankedProbabilityScore, macroF1];

/** @throws RangeError naming the metrics there are */
export function classMetricNamed(name: string): ClassMetric {
  const metric = classMetrics.find((candidate) => candidate.name === name);
  if (!metric) {
    throw new RangeError(
      `no metric of classes "${name}"; there are ${classMetrics.map((each) => each.name).join(', ')}`,
    );
  }
  return metric;
}
