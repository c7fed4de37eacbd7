import { z } from 'zod';
import { column, rowCount } from '../../features/index.ts';
import type { ClassEstimator, ClassModel, ClassSet } from '../classes.ts';
import type { SavedModel } from '../estimator.ts';
import { type MultinomialWeights, multinomialLoss, scoresOf, softmax, solveMultinomial } from '../multinomial.ts';
import { CHOICE_TOLERANCE, choosePenalty, ENOUGH_ROWS } from '../penalty.ts';
import { design, savedTerms, type Term, termsOf, termValue } from '../terms.ts';
import { everySoManyPartners } from '../training-set.ts';
import { requireEveryClass } from './require.ts';

const NAME = 'multinomial-logistic';
/** A binary weight is the difference of two classes', half of it each: at twice the penalty that is the same model. */
const PER_BINARY_PENALTY = 2;

interface Fitted extends MultinomialWeights {
  classes: readonly string[];
  /** Weights are one per class and term. */
  terms: readonly Term[];
  penalty: number;
}

/**
 * Logistic regression of several classes with an L2 penalty, on the same terms as `logistic`: standardised signed
 * logarithms, winsorised, what is unknown with a weight of its own. The penalty is chosen by rolling origin inside the
 * set, or where there are many rows, on every so many partners; blocks before which a class had never been seen choose
 * nothing. Classes may be numbered in any order; it makes no use of one.
 * Source: Friedman, Hastie & Tibshirani, Regularization Paths for Generalized Linear Models, 2010, §4.
 */
export const multinomialLogistic: ClassEstimator = {
  name: NAME,
  fit(set) {
    requireEveryClass(set, NAME);
    const some = everySoManyPartners(set, ENOUGH_ROWS);
    return model(fitWith(set, some, PER_BINARY_PENALTY * choosePenalty(some, lossesOfCheck)));
  },
};

const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    classes: z.array(z.string()).min(2).max(255),
    terms: savedTerms,
    weights: z.array(z.array(z.number())),
    intercepts: z.array(z.number()),
    penalty: z.number().nonnegative(),
  })
  .refine(({ classes, intercepts }) => intercepts.length === classes.length, 'one intercept per class')
  .refine(({ classes, weights }) => weights.length === classes.length, 'weights for every class')
  .refine(({ terms, weights }) => weights.every((each) => each.length === terms.length), 'one weight per term');

/** @param saved what `save` gave */
export function loadMultinomialLogistic(saved: SavedModel): ClassModel {
  const { classes, terms, weights, intercepts, penalty } = savedForm.parse(saved);
  return model({
    classes,
    terms,
    weights: weights.map((each) => Float64Array.from(each)),
    intercepts: Float64Array.from(intercepts),
    penalty,
  });
}

function lossesOfCheck(learn: ClassSet, check: ClassSet, penalties: readonly number[]): number[] {
  const terms = termsOf(learn.table);
  const seen = design(learn.table, terms);
  const unseen = design(check.table, terms);
  const problem = { columns: seen, outcomes: learn.outcomes, classes: learn.classes.length };
  let start: MultinomialWeights | undefined;
  return penalties.map((each) => {
    const penalty = PER_BINARY_PENALTY * each;
    start = solveMultinomial({ ...problem, penalty, tolerance: CHOICE_TOLERANCE }, start);
    return multinomialLoss(scoresOf(unseen, start, check.outcomes.length), check.outcomes);
  });
}

/** Solves for some rows first where there are many: from there, all rows take a few steps. */
function fitWith(set: ClassSet, some: ClassSet, penalty: number): Fitted {
  const terms = termsOf(set.table);
  if (some === set) return solveFor(set, terms, penalty);
  const { weights, intercepts } = solveFor(some, terms, penalty, { tolerance: CHOICE_TOLERANCE });
  return solveFor(set, terms, penalty, { start: { weights, intercepts } });
}

function solveFor(
  set: ClassSet,
  terms: readonly Term[],
  penalty: number,
  { start, tolerance }: { start?: MultinomialWeights; tolerance?: number } = {},
): Fitted {
  const { classes, outcomes } = set;
  const problem = { columns: design(set.table, terms), outcomes, classes: classes.length, penalty };
  const solved = solveMultinomial(tolerance === undefined ? problem : { ...problem, tolerance }, start);
  return { classes, terms, ...solved, penalty };
}

function model(fitted: Fitted): ClassModel {
  const { classes, terms, weights, intercepts, penalty } = fitted;
  return {
    estimator: NAME,
    classes,
    predict: (table) => softmax(scoresOf(design(table, terms), fitted, rowCount(table))),
    explain(table, rows) {
      const features = [...new Set(terms.map(({ feature }) => feature))];
      const contributions = rows.map(() => classes.map(() => new Float64Array(features.length)));
      terms.forEach((term, j) => {
        const [values, place] = [column(table, term.feature), features.indexOf(term.feature)];
        rows.forEach((row, i) => {
          const value = termValue(term, values[row]);
          contributions[i].forEach((ofClass, k) => {
            ofClass[place] += weights[k][j] * value;
          });
        });
      });
      return { intercepts, features, contributions };
    },
    refit: (set) => model(solveFor(set, terms, penalty, { start: fitted })),
    save: () => ({
      estimator: NAME,
      classes,
      terms,
      weights: weights.map((each) => [...each]),
      intercepts: [...intercepts],
      penalty,
    }),
  };
}
