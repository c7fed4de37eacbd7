import { z } from 'zod';
import { rowCount } from '../../features/index.ts';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { logit } from '../estimator.ts';
import { baseRate, type TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'base-rate';
const savedForm = z.strictObject({ estimator: z.literal(NAME), probability: z.number().min(0).max(1) });

/** The rival that calls anyone: everybody gets the share that the outcome had in the past. */
export const baseRateEstimator: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    return constant(baseRate(set));
  },
};

/** @param saved what `save` gave */
export function loadBaseRate(saved: SavedModel): Model {
  return constant(savedForm.parse(saved).probability);
}

function constant(probability: number): Model {
  return {
    estimator: NAME,
    predict: (table) => new Float64Array(rowCount(table)).fill(probability),
    explain: (_, rows) => ({
      intercept: logit(probability),
      features: [],
      contributions: rows.map(() => new Float64Array(0)),
    }),
    refit: (set: TrainingSet) => constant(baseRate(set)),
    save: () => ({ estimator: NAME, probability }),
  };
}
