import { minimise, type PenalisedLoss } from './chord.ts';
import { columnSums, crossProducts } from './cross-products.ts';

/** A penalised logistic regression of several classes to be solved. */
export interface MultinomialProblem {
  /** One array per column, all of the same length. */
  columns: readonly Float64Array[];
  /** The class of each row, from 0 to `classes` − 1. */
  outcomes: ArrayLike<number>;
  /** How many classes there are; 2 or more. */
  classes: number;
  /** What half the squared weight of every column costs in every class; intercepts cost nothing. */
  penalty: number;
  /** Stop when a step would improve the loss by less than this share of it; 1e-20 by default. */
  tolerance?: number;
}

/**
 * What makes the scores of a row, one per class, of which the class's probability is the softmax. Only differences of
 * scores say anything: each column's weights add up to zero over the classes, and so do the intercepts.
 */
export interface MultinomialWeights {
  /** Per class one weight per column, in log-odds. */
  weights: readonly Float64Array[];
  /** One per class, in log-odds. */
  intercepts: Float64Array;
  /** Second derivatives of the loss without the penalty, near the solution: what a similar problem may begin with. */
  curvature?: Float64Array;
}

/**
 * Minimises the sum of −ln(probability of what happened) plus the penalty on the weights of all classes alike (the
 * symmetric parametrisation of Friedman, Hastie & Tibshirani 2010, §4). What adds up to zero over K classes has K − 1
 * coordinates of the same length (Helmert's contrasts): in these the solution is the only one, and Newton's method finds
 * it. Second derivatives (Böhning, Multinomial logistic regression algorithm, 1992) cost rows × columns² × K(K−1)/4
 * multiplications, all else rows × columns × K: 3 CPU-s for 3 classes, 127 columns and 20,000 rows.
 *
 * With two classes it is logistic regression: the weights are ± half of those at half the penalty.
 * @param start where to begin; zeros by default
 * @throws RangeError when the problem has no rows, fewer than two classes or an outcome that is none of them
 */
export function solveMultinomial(problem: MultinomialProblem, start?: MultinomialWeights): MultinomialWeights {
  requireClasses(problem);
  const contrasts = helmert(problem.classes);
  const size = problem.columns.length + 1;
  const begin = { at: startingAt(contrasts, size, start), curvature: start?.curvature };
  const { at, curvature } = minimise(penalisedLoss(problem, contrasts), begin, problem.tolerance);
  return { ...weightsAt(contrasts, size, at), curvature };
}

function requireClasses({ outcomes, classes }: MultinomialProblem): void {
  if (outcomes.length === 0) throw new RangeError('a multinomial regression needs at least one row');
  if (classes < 2) throw new RangeError(`a multinomial regression needs two classes or more, and was given ${classes}`);
  for (let row = 0; row < outcomes.length; row++) {
    if (outcomes[row] >= 0 && outcomes[row] < classes && Number.isInteger(outcomes[row])) continue;
    throw new RangeError(`classes go from 0 to ${classes - 1}, and the outcome of row ${row} is ${outcomes[row]}`);
  }
}

/** The scores of every row, one array per class. */
export function scoresOf(
  columns: readonly Float64Array[],
  { weights, intercepts }: MultinomialWeights,
  rows: number,
): Float64Array[] {
  return weights.map((ofClass, k) => {
    const scores = new Float64Array(rows).fill(intercepts[k]);
    columns.forEach((values, j) => {
      for (let row = 0; row < rows; row++) scores[row] += ofClass[j] * values[row];
    });
    return scores;
  });
}

/** Probabilities of the classes, per class one per row, each row's adding up to 1. */
export function softmax(scores: readonly Float64Array[]): Float64Array[] {
  const totals = logSums(scores);
  return scores.map((ofClass) => ofClass.map((score, row) => Math.exp(score - totals[row])));
}

/** Sum over the rows of −ln(the probability of what happened), in nats. */
export function multinomialLoss(scores: readonly Float64Array[], outcomes: ArrayLike<number>): number {
  return logSums(scores).reduce((sum, total, row) => sum + (total - scores[outcomes[row]][row]), 0);
}

/** ln(Σ eˢ) of each row's scores, without overflow. */
function logSums(scores: readonly Float64Array[]): Float64Array {
  const highest = scores[0].slice();
  for (const ofClass of scores)
    ofClass.forEach((score, row) => {
      if (score > highest[row]) highest[row] = score;
    });
  const sums = new Float64Array(highest.length);
  for (const ofClass of scores)
    ofClass.forEach((score, row) => {
      sums[row] += Math.exp(score - highest[row]);
    });
  return sums.map((sum, row) => highest[row] + Math.log(sum));
}

/**
 * Directions of length 1 in which the classes' scores may differ, orthogonal to each other and to "all alike": the
 * first m classes against the next, for every m. One array per direction, a number per class.
 */
function helmert(classes: number): Float64Array[] {
  return Array.from({ length: classes - 1 }, (_, i) => {
    const m = i + 1;
    const length = Math.sqrt(m * (m + 1));
    return Float64Array.from({ length: classes }, (_, k) => (k < m ? 1 : k === m ? -m : 0) / length);
  });
}

/** Coordinates, contrast by contrast: the weights, then the intercept. */
function startingAt(
  contrasts: readonly Float64Array[],
  size: number,
  start: MultinomialWeights | undefined,
): Float64Array {
  const at = new Float64Array(contrasts.length * size);
  if (!start) return at;
  contrasts.forEach((contrast, m) => {
    for (let j = 0; j < size; j++) {
      const ofClass = (k: number) => (j === size - 1 ? start.intercepts[k] : start.weights[k][j]);
      at[m * size + j] = contrast.reduce((sum, part, k) => sum + part * ofClass(k), 0);
    }
  });
  return at;
}

function weightsAt(contrasts: readonly Float64Array[], size: number, at: Float64Array): MultinomialWeights {
  const all = Array.from(contrasts[0], (_, k) =>
    Float64Array.from({ length: size }, (_, j) =>
      contrasts.reduce((sum, contrast, m) => sum + contrast[k] * at[m * size + j], 0),
    ),
  );
  return {
    weights: all.map((ofClass) => ofClass.slice(0, size - 1)),
    intercepts: Float64Array.from(all, (ofClass) => ofClass[size - 1]),
  };
}

/** The predictors are the scores. */
function penalisedLoss(
  { columns, outcomes, penalty }: MultinomialProblem,
  contrasts: readonly Float64Array[],
): PenalisedLoss<readonly Float64Array[]> {
  const size = columns.length + 1;
  const costs = Float64Array.from({ length: contrasts.length * size }, (_, i) => (i % size === size - 1 ? 0 : penalty));
  return {
    costs,
    predictors: (at) => scoresOf(columns, weightsAt(contrasts, size, at), outcomes.length),
    loss: (scores) => multinomialLoss(scores, outcomes),
    gradient: (scores) => gradientAt(columns, outcomes, contrasts, softmax(scores)),
    curvature: (scores) => curvatureAt(columns, contrasts, softmax(scores)),
  };
}

function gradientAt(
  columns: readonly Float64Array[],
  outcomes: ArrayLike<number>,
  contrasts: readonly Float64Array[],
  probabilities: readonly Float64Array[],
): Float64Array {
  const size = columns.length + 1;
  const gradient = new Float64Array(contrasts.length * size);
  contrasts.forEach((contrast, m) => {
    const residual = means(contrast, probabilities).map((expected, row) => expected - contrast[outcomes[row]]);
    gradient.set(columnSums(columns, residual), m * size);
  });
  return gradient;
}

/** For every two contrasts, the cross products weighted by each row's covariance of the two. */
function curvatureAt(
  columns: readonly Float64Array[],
  contrasts: readonly Float64Array[],
  probabilities: readonly Float64Array[],
): Float64Array {
  const size = columns.length + 1;
  const width = contrasts.length * size;
  const curvature = new Float64Array(width * width);
  const expected = contrasts.map((contrast) => means(contrast, probabilities));
  contrasts.forEach((a, m) => {
    for (let n = m; n < contrasts.length; n++) {
      const both = means(
        a.map((part, k) => part * contrasts[n][k]),
        probabilities,
      );
      const covariances = both.map((mean, row) => mean - expected[m][row] * expected[n][row]);
      const block = crossProducts(columns, covariances);
      for (let i = 0; i < size; i++) {
        for (let j = i; j < size; j++) {
          curvature[(m * size + i) * width + n * size + j] = block[i * size + j];
          if (n > m) curvature[(m * size + j) * width + n * size + i] = block[i * size + j];
        }
      }
    }
  });
  return curvature;
}

/** Each row's mean of a number per class under its probabilities. */
function means(ofClasses: Float64Array, probabilities: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(probabilities[0].length);
  probabilities.forEach((ofClass, k) => {
    for (let row = 0; row < sums.length; row++) sums[row] += ofClasses[k] * ofClass[row];
  });
  return sums;
}
