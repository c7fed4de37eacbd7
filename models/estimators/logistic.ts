import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { lineModel, loadLine, type PenalisedLine } from '../log-odds-line.ts';
import { type LogisticWeights, softplus, solveLogistic } from '../newton.ts';
import { CHOICE_TOLERANCE, choosePenalty, ENOUGH_ROWS } from '../penalty.ts';
import { design, type Term, termsOf } from '../terms.ts';
import { everySoManyPartners, type TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'logistic';

/**
 * Logistic regression with an L2 penalty on standardised signed logarithms, sign(x)·ln(1 + |x|). An unknown value
 * stands at the mean and has a weight of its own; a value beyond what was learnt from counts as the outermost that was
 * (winsorised), so that a feature seen in one season does not run away in the next. The penalty is chosen by rolling
 * origin inside the set, or where there are many rows, on every so many partners.
 * Source: Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992.
 */
export const logistic: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    const some = everySoManyPartners(set, ENOUGH_ROWS);
    return model(fitWith(set, some, choosePenalty(some, lossesOfCheck)));
  },
};

/** @param saved what `save` gave */
export function loadLogistic(saved: SavedModel): Model {
  return model(loadLine(saved));
}

function lossesOfCheck(learn: TrainingSet, check: TrainingSet, penalties: readonly number[]): number[] {
  const terms = termsOf(learn.table);
  const seen = design(learn.table, terms);
  const unseen = design(check.table, terms);
  let start: LogisticWeights | undefined;
  return penalties.map((penalty) => {
    start = solveLogistic({ columns: seen, outcomes: learn.outcomes, penalty, tolerance: CHOICE_TOLERANCE }, start);
    return logLoss(unseen, check.outcomes, start);
  });
}

/** Solves for some rows first where there are many: from there, all rows take a few steps. */
function fitWith(set: TrainingSet, some: TrainingSet, penalty: number): PenalisedLine {
  const terms = termsOf(set.table);
  if (some === set) return solveFor(set, terms, penalty);
  const { weights, intercept } = solveFor(some, terms, penalty, { tolerance: CHOICE_TOLERANCE });
  return solveFor(set, terms, penalty, { start: { weights, intercept } });
}

function solveFor(
  set: TrainingSet,
  terms: readonly Term[],
  penalty: number,
  { start, tolerance }: { start?: LogisticWeights; tolerance?: number } = {},
): PenalisedLine {
  const problem = { columns: design(set.table, terms), outcomes: set.outcomes, penalty };
  return { terms, ...solveLogistic(tolerance === undefined ? problem : { ...problem, tolerance }, start), penalty };
}

function logLoss(columns: readonly Float64Array[], outcomes: Uint8Array, at: LogisticWeights): number {
  let loss = 0;
  outcomes.forEach((outcome, row) => {
    let logOdds = at.intercept;
    for (let j = 0; j < columns.length; j++) logOdds += at.weights[j] * columns[j][row];
    loss += softplus(logOdds) - (outcome ? logOdds : 0);
  });
  return loss;
}

function model(fitted: PenalisedLine): Model {
  return lineModel(NAME, fitted, (set) => model(solveFor(set, fitted.terms, fitted.penalty, { start: fitted })));
}
