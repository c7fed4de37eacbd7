import { minimise, type PenalisedLoss } from './chord.ts';
import { columnSums, crossProducts } from './cross-products.ts';
import { sigmoid, softplus } from './newton.ts';

/** For each of several edges, which rows are above it: logistic regressions that share their weights. */
export interface Edges {
  /** One array per column, all of the same length. */
  columns: readonly Float64Array[];
  /** Per edge, 1 for a row above it, else 0. */
  above: readonly Uint8Array[];
}

/** The same with a penalty, to be solved. */
export interface EdgesProblem extends Edges {
  /** What half the squared weight of every column costs; intercepts cost nothing. */
  penalty: number;
  /** Stop when a step would improve the loss by less than this share of it; 1e-20 by default. */
  tolerance?: number;
}

/** Weights in log-odds, and what an edge's own log-odds begin with. */
export interface EdgeWeights {
  /** One per column. */
  weights: Float64Array;
  /** One per edge. */
  intercepts: Float64Array;
}

/**
 * Minimises the sum of the log losses of all edges plus the penalty, by Newton's method. With one edge it is logistic
 * regression; with the same edge several times, too, at as many times the penalty.
 * @param start where to begin; zeros by default
 * @throws RangeError when there is no edge, or none has rows
 */
export function solveEdges(problem: EdgesProblem, start?: EdgeWeights): EdgeWeights {
  const { columns, above, penalty, tolerance } = problem;
  if (above.length === 0 || above[0].length === 0) throw new RangeError('ordered edges need at least one row and edge');
  const begin = new Float64Array(columns.length + above.length);
  if (start) begin.set([...start.weights, ...start.intercepts]);
  const { at } = minimise(penalisedLoss(problem, penalty), { at: begin }, tolerance);
  return { weights: at.slice(0, columns.length), intercepts: at.slice(columns.length) };
}

/** Sum over edges and rows of −ln(the probability of what happened), in nats. */
export function edgeLoss({ columns, above }: Edges, { weights, intercepts }: EdgeWeights): number {
  return lossAt(above, logOddsAt(columns, weights, intercepts, above[0].length));
}

/** The predictors are the rows' log-odds, edge by edge. */
function penalisedLoss({ columns, above }: Edges, penalty: number): PenalisedLoss<Float64Array[]> {
  const size = columns.length;
  const costs = new Float64Array(size + above.length).fill(penalty, 0, size);
  return {
    costs,
    predictors: (at) => logOddsAt(columns, at.subarray(0, size), at.subarray(size), above[0].length),
    loss: (logOdds) => lossAt(above, logOdds),
    gradient: (logOdds) => gradientAt(columns, above, logOdds),
    curvature: (logOdds) => curvatureAt(columns, logOdds),
  };
}

function logOddsAt(
  columns: readonly Float64Array[],
  weights: Float64Array,
  intercepts: Float64Array,
  rows: number,
): Float64Array[] {
  const shared = new Float64Array(rows);
  columns.forEach((values, j) => {
    for (let row = 0; row < rows; row++) shared[row] += weights[j] * values[row];
  });
  return Array.from(intercepts, (intercept) => shared.map((logOdds) => logOdds + intercept));
}

function lossAt(above: readonly Uint8Array[], logOdds: readonly Float64Array[]): number {
  let loss = 0;
  logOdds.forEach((ofEdge, edge) => {
    for (let row = 0; row < ofEdge.length; row++) loss += softplus(ofEdge[row]) - (above[edge][row] ? ofEdge[row] : 0);
  });
  return loss;
}

function gradientAt(
  columns: readonly Float64Array[],
  above: readonly Uint8Array[],
  logOdds: readonly Float64Array[],
): Float64Array {
  const size = columns.length;
  const gradient = new Float64Array(size + above.length);
  logOdds.forEach((ofEdge, edge) => {
    const residual = ofEdge.map((each, row) => sigmoid(each) - above[edge][row]);
    const sums = columnSums(columns, residual);
    for (let j = 0; j < size; j++) gradient[j] += sums[j];
    gradient[size + edge] = sums[size];
  });
  return gradient;
}

/** Every edge has the same columns and an intercept of its own: weights add up, intercepts stand side by side. */
function curvatureAt(columns: readonly Float64Array[], logOdds: readonly Float64Array[]): Float64Array {
  const own = columns.length;
  const size = own + logOdds.length;
  const curvature = new Float64Array(size * size);
  logOdds.forEach((ofEdge, edge) => {
    const products = crossProducts(
      columns,
      ofEdge.map((each) => sigmoid(each) * (1 - sigmoid(each))),
    );
    for (let i = 0; i <= own; i++) {
      const row = i === own ? own + edge : i;
      for (let j = i; j < own; j++) curvature[row * size + j] += products[i * (own + 1) + j];
      curvature[row * size + own + edge] += products[i * (own + 1) + own];
    }
  });
  return curvature;
}
