import { calibrationSlope } from './calibration-slope.ts';

/** Probabilities and outcomes sorted so that every metric can be computed in one pass, for any weights of the rows. */
export interface Ranked {
  /** Places of the rows, the highest probability first. */
  order: Uint32Array;
  probabilities: Float64Array;
  outcomes: Uint8Array;
}

/**
 * A figure of merit. `compute` gets the weight of every row (1 each, or how often a bootstrap drew its partner) and
 * returns NaN when the weighted rows have one class only and the figure needs two.
 */
export interface Metric {
  name: string;
  better: 'higher' | 'lower' | 'near 1';
  compute(ranked: Ranked, weights: ArrayLike<number>): number;
}

/** Sorts once, for all metrics and all weights. */
export function rank(probabilities: Float64Array, outcomes: Uint8Array): Ranked {
  const order = Uint32Array.from(probabilities.keys());
  order.sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  return { order, probabilities, outcomes };
}

interface Tie {
  probability: number;
  /** Weight of the rows of one probability, and of those among them with the outcome. */
  weight: number;
  positive: number;
}

/** Groups of rows with the same probability, the highest first: order among equals is chance. */
function* ties({ order, probabilities, outcomes }: Ranked, weights: ArrayLike<number>): Generator<Tie> {
  let i = 0;
  while (i < order.length) {
    const probability = probabilities[order[i]];
    const tie = { probability, weight: 0, positive: 0 };
    for (; i < order.length && probabilities[order[i]] === probability; i++) {
      const weight = weights[order[i]];
      tie.weight += weight;
      if (outcomes[order[i]]) tie.positive += weight;
    }
    if (tie.weight > 0) yield tie;
  }
}

function totals(ranked: Ranked, weights: ArrayLike<number>): Omit<Tie, 'probability'> {
  const total = { weight: 0, positive: 0 };
  for (let row = 0; row < ranked.outcomes.length; row++) {
    total.weight += weights[row];
    if (ranked.outcomes[row]) total.positive += weights[row];
  }
  return total;
}

function mean(ranked: Ranked, weights: ArrayLike<number>, loss: (probability: number, outcome: number) => number) {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < ranked.outcomes.length; row++) {
    if (weights[row] === 0) continue;
    sum += weights[row] * loss(ranked.probabilities[row], ranked.outcomes[row]);
    weight += weights[row];
  }
  return sum / weight;
}

/** Probability that a row with the outcome ranks above one without, ties half (Hanley & McNeil 1982). 0 to 1. */
const auc: Metric = {
  name: 'auc',
  better: 'higher',
  compute(ranked, weights) {
    const { weight, positive } = totals(ranked, weights);
    const negative = weight - positive;
    if (positive === 0 || negative === 0) return Number.NaN;
    let above = 0;
    let concordant = 0;
    for (const tie of ties(ranked, weights)) {
      concordant += (tie.weight - tie.positive) * (above + tie.positive / 2);
      above += tie.positive;
    }
    return concordant / (positive * negative);
  },
};

/** Precision averaged over the ranks of the rows with the outcome, without interpolation. 0 to 1. */
const averagePrecision: Metric = {
  name: 'average_precision',
  better: 'higher',
  compute(ranked, weights) {
    const { positive } = totals(ranked, weights);
    if (positive === 0) return Number.NaN;
    let seen = 0;
    let hits = 0;
    let sum = 0;
    for (const tie of ties(ranked, weights)) {
      seen += tie.weight;
      hits += tie.positive;
      sum += (tie.positive / positive) * (hits / seen);
    }
    return sum;
  },
};

/** Mean squared distance of probability and outcome (Brier 1950). 0 is perfect. */
const brier: Metric = {
  name: 'brier',
  better: 'lower',
  compute: (ranked, weights) => mean(ranked, weights, (probability, outcome) => (probability - outcome) ** 2),
};

/** Mean of −ln(the probability given to what happened), in nats. 0 is perfect. */
const logLoss: Metric = {
  name: 'log_loss',
  better: 'lower',
  compute: (ranked, weights) => mean(ranked, weights, rowLogLoss),
};

/** −ln of the probability given to what happened; a certainty that was wrong costs at most 34.5. */
export function rowLogLoss(probability: number, outcome: number): number {
  return -Math.log(Math.max(1e-15, outcome ? probability : 1 - probability));
}

/** How much more often the outcome happened in the top tenth than overall; rows tied at its edge count in part. */
const liftAt10: Metric = {
  name: 'lift_at_10',
  better: 'higher',
  compute(ranked, weights) {
    const { weight, positive } = totals(ranked, weights);
    if (positive === 0) return Number.NaN;
    let room = weight / 10;
    let hits = 0;
    for (const tie of ties(ranked, weights)) {
      const taken = Math.min(1, room / tie.weight);
      hits += taken * tie.positive;
      room -= taken * tie.weight;
      if (room <= 0) break;
    }
    return hits / (weight / 10) / (positive / weight);
  },
};

const BINS = 10;

/**
 * Mean distance between probability and observed share over 10 bins of equal mass (Naeini et al. 2015); rows of one
 * probability that a bin's edge cuts are counted in part on both sides. 0 to 1.
 */
const expectedCalibrationError: Metric = {
  name: 'ece',
  better: 'lower',
  compute(ranked, weights) {
    const { weight } = totals(ranked, weights);
    const size = weight / BINS;
    let error = 0;
    let distance = 0;
    let room = size;
    for (const { probability, ...tie } of ties(ranked, weights)) {
      let left = tie.weight;
      while (left > 0) {
        const taken = Math.min(left, room);
        distance += taken * (probability - tie.positive / tie.weight);
        left -= taken;
        room -= taken;
        // What rounding leaves of a bin is no bin.
        if (room > size * 1e-9) continue;
        error += Math.abs(distance);
        distance = 0;
        room = size;
      }
    }
    return (error + Math.abs(distance)) / weight;
  },
};

/** Every figure of merit that a backtest reports. */
export const metrics: readonly Metric[] = [
  auc,
  averagePrecision,
  brier,
  logLoss,
  liftAt10,
  expectedCalibrationError,
  calibrationSlope,
];

/** @throws RangeError naming the metrics there are */
export function metricNamed(name: string): Metric {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (!metric) throw new RangeError(`no metric "${name}"; there are ${metrics.map((each) => each.name).join(', ')}`);
  return metric;
}
