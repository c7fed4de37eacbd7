import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { lineModel, loadLine, type PenalisedLine } from '../log-odds-line.ts';
import { type Edges, type EdgeWeights, edgeLoss, solveEdges } from '../ordered-edges.ts';
import { CHOICE_TOLERANCE, choosePenalty, ENOUGH_ROWS } from '../penalty.ts';
import { design, type Term, termsOf } from '../terms.ts';
import { everySoManyPartners, type TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'ordered-logistic';
/** Shares of the rows that come in above an edge, beside the outcome's own. */
const SHARES = [0.5, 0.4, 0.3, 0.2, 0.1];

/**
 * Logistic regression that learns from the order of amounts, where the outcome is an edge in it, and not only from who
 * came in above that edge: whether a row is among the first half, 40, 30, 20 and 10 % is asked as well, with the same weights
 * for every edge and an intercept for each (cumulative logits, proportional odds). With few partners that says more:
 * a partner just below the edge is not taken for one with nothing. The same terms as `logistic`, which it is where the
 * outcome is no such edge. The penalty is chosen by what is foretold of all edges together.
 * Source: McCullagh 1980, JRSS B 42, Regression models for ordinal data; the edges solved as if they were independent:
 * Lipsitz, Kim & Zhao 1994, Statistics in Medicine 13.
 */
export const orderedLogistic: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    const some = everySoManyPartners(set, ENOUGH_ROWS);
    return model(solveFor(set, termsOf(set.table), choosePenalty(some, lossesOfCheck)));
  },
};

/** @param saved what `save` gave */
export function loadOrderedLogistic(saved: SavedModel): Model {
  return model(loadLine(saved));
}

function lossesOfCheck(learn: TrainingSet, check: TrainingSet, penalties: readonly number[]): number[] {
  const terms = termsOf(learn.table);
  const edges = edgesOf(learn);
  const [seen, unseen] = [learn, check].map((set) => problemOf(set, terms, edges));
  let start: EdgeWeights | undefined;
  return penalties.map((penalty) => {
    start = solveEdges({ ...seen, penalty: penalty * seen.above.length, tolerance: CHOICE_TOLERANCE }, start);
    return edgeLoss(unseen, start);
  });
}

function solveFor(set: TrainingSet, terms: readonly Term[], penalty: number): PenalisedLine {
  const problem = problemOf(set, terms, edgesOf(set));
  const { weights, intercepts } = solveEdges({ ...problem, penalty: penalty * problem.above.length });
  return { terms, weights, intercept: intercepts[0], penalty };
}

function problemOf(set: TrainingSet, terms: readonly Term[], edges: readonly number[]): Edges {
  const { outcomes, amounts = new Float64Array() } = set;
  const above = edges.map((edge) => Uint8Array.from(amounts, (amount) => Number(amount >= edge)));
  return { columns: design(set.table, terms), above: [outcomes, ...above] };
}

/** The amounts that the given shares of rows reach; each once, and none that all rows reach. */
function edgesOf({ amounts, label }: TrainingSet): number[] {
  // Elsewhere a high amount may be the contrary of the outcome.
  if (!amounts || label.topShare === undefined) return [];
  const descending = amounts.toSorted().reverse();
  const edges = new Set(SHARES.map((share) => descending[Math.max(0, Math.floor(share * descending.length) - 1)]));
  return [...edges].filter((edge) => edge > descending[descending.length - 1]);
}

function model(fitted: PenalisedLine): Model {
  return lineModel(NAME, fitted, (set) => model(solveFor(set, fitted.terms, fitted.penalty)));
}
