import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import type { AmountEstimator, AmountModel, SavedAmount } from './amount-estimator.ts';

const NAME = 'last-year';
const YEAR = 365;
const savedForm = z.strictObject({ estimator: z.literal(NAME), horizonDays: z.number().positive() });

/** The rule of thumb: the money of the last year goes on as it came. */
export const lastYear: AmountEstimator = { name: NAME, fit: ({ horizonDays }) => rate(horizonDays) };

/** @param saved what `save` gave */
export function loadLastYear(saved: SavedAmount): AmountModel {
  return rate(savedForm.parse(saved).horizonDays);
}

function rate(horizonDays: number): AmountModel {
  return {
    estimator: NAME,
    predict: (table: FeatureTable) =>
      Float64Array.from(column(table, 'won_amount_365d'), (won) => (won * horizonDays) / YEAR),
    save: () => ({ estimator: NAME, horizonDays }),
  };
}
