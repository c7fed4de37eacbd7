import { cholesky, solveBy } from './cholesky.ts';

/**
 * A convex loss of rows that depends on its arguments through linear predictors, with a penalty on the arguments'
 * squares. What is asked of it is asked at predictors, which cost most and are computed once per place.
 */
export interface PenalisedLoss<Predictors> {
  /** What half the square of each argument costs; 0 or more. */
  costs: Float64Array;
  /** The linear predictors of all rows. */
  predictors(at: Float64Array): Predictors;
  /** The rows' loss. */
  loss(predictors: Predictors): number;
  /** First derivatives of the rows' loss, one per argument. */
  gradient(predictors: Predictors): Float64Array;
  /** Second derivatives of the rows' loss, arguments × arguments, the upper triangle filled. */
  curvature(predictors: Predictors): Float64Array;
}

/** Where a loss is least. */
export interface Least {
  at: Float64Array;
  /** Second derivatives without the penalty, near there: what a similar problem may begin with. */
  curvature: Float64Array;
}

const MAX_STEPS = 200;
/** Where a start shows no curvature, at a class it holds for impossible, a step may be 10¹⁵ times too long. */
const MAX_HALVINGS = 60;
/** Arguments are then off by about its square root at most. */
const TOLERANCE = 1e-20;
/** What a sum of losses may differ by for no other reason. */
const ROUNDING = 1e-14;
/** A step that leaves more than this share of the gain it promised is worth new second derivatives. */
const SLOW = 0.3;

/**
 * Minimises a loss by Newton's method with step halving. Second derivatives cost far more than all else: they are kept,
 * or taken over from a similar problem, as long as steps by them converge well (the chord method).
 * Source: Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995, §5.4.1.
 * @param start where to begin, and second derivatives to begin with
 * @param tolerance stop when a step would improve the loss by less than this share of it
 */
export function minimise<Predictors>(
  problem: PenalisedLoss<Predictors>,
  start: { at: Float64Array; curvature?: Float64Array | undefined },
  tolerance = TOLERANCE,
): Least {
  const size = problem.costs.length;
  let point = pointAt(problem, start.at);
  const known = start.curvature?.length === size * size ? start.curvature : problem.curvature(point.predictors);
  let curved = curvedBy(problem.costs, known);
  let promised = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const gradient = gradientAt(problem, point);
    const enough = tolerance * Math.max(1, point.loss);
    let step = stepBy(curved, gradient);
    if (step.gain > Math.max(enough, SLOW * promised)) {
      curved = curvedBy(problem.costs, problem.curvature(point.predictors));
      step = stepBy(curved, gradient);
    }
    if (step.gain <= enough) break;
    const next = descend(problem, point, step.direction);
    if (next === null) break;
    promised = step.gain;
    point = next;
  }
  return { at: point.at, curvature: curved.curvature };
}

/** Second derivatives without the penalty, and the Cholesky factor of those with it. */
interface Curved {
  curvature: Float64Array;
  factor: Float64Array;
}

function curvedBy(costs: Float64Array, curvature: Float64Array): Curved {
  const size = costs.length;
  const penalised = curvature.slice();
  for (let j = 0; j < size; j++) penalised[j * size + j] += costs[j];
  return { curvature, factor: cholesky(penalised, size) };
}

/** Where to go, and by how much the loss would fall were it as curved everywhere: twice that. */
function stepBy({ factor }: Curved, gradient: Float64Array): { direction: Float64Array; gain: number } {
  const direction = solveBy(factor, gradient);
  return { direction, gain: gradient.reduce((sum, slope, j) => sum + slope * direction[j], 0) };
}

/** Where the search is. */
interface Point<Predictors> {
  at: Float64Array;
  predictors: Predictors;
  /** With the penalty. */
  loss: number;
}

function pointAt<Predictors>(problem: PenalisedLoss<Predictors>, at: Float64Array): Point<Predictors> {
  const predictors = problem.predictors(at);
  let loss = problem.loss(predictors);
  for (let j = 0; j < at.length; j++) loss += (problem.costs[j] * at[j] * at[j]) / 2;
  return { at, predictors, loss };
}

function gradientAt<Predictors>(
  problem: PenalisedLoss<Predictors>,
  { at, predictors }: Point<Predictors>,
): Float64Array {
  return problem.gradient(predictors).map((slope, j) => slope + problem.costs[j] * at[j]);
}

/** The point a step, or a half of it or a quarter …, leads to; null when none is better. */
function descend<Predictors>(
  problem: PenalisedLoss<Predictors>,
  { at, loss }: Point<Predictors>,
  direction: Float64Array,
): Point<Predictors> | null {
  for (let halving = 0, scale = 1; halving <= MAX_HALVINGS; halving++, scale /= 2) {
    const next = pointAt(
      problem,
      at.map((value, i) => value - scale * direction[i]),
    );
    if (next.loss <= loss + ROUNDING * Math.max(1, loss)) return next;
  }
  return null;
}
