import { MultivariateLinearRegression } from 'ml-regression';
import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import type { AmountEstimator, AmountModel, SavedAmount } from './amount-estimator.ts';

const NAME = 'linear';
/** Money of the last year and of the last quarter, and how often it was won. */
const FEATURES = ['won_amount_365d', 'won_amount_90d', 'deals_won_365d', 'events_90d'] as const;
const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  weights: z.array(z.number()).length(FEATURES.length),
  intercept: z.number(),
});

/** The linear baseline: least squares on what was won of late; below nothing is nothing. */
export const linear: AmountEstimator = {
  name: NAME,
  fit({ table, amounts }) {
    const inputs = inputsOf(table);
    const rows = inputs.flatMap((input, row) => (input.some(Number.isNaN) ? [] : [row]));
    if (rows.length <= FEATURES.length) return line({ weights: FEATURES.map(() => 0), intercept: Number.NaN });
    const { weights } = new MultivariateLinearRegression(
      rows.map((row) => inputs[row]),
      rows.map((row) => [amounts[row]]),
    );
    const [intercept, ...slopes] = [weights[FEATURES.length][0], ...weights.slice(0, FEATURES.length).map(([w]) => w)];
    return line({ weights: slopes, intercept });
  },
};

/** @param saved what `save` gave */
export function loadLinear(saved: SavedAmount): AmountModel {
  const { weights, intercept } = savedForm.parse(saved);
  return line({ weights, intercept });
}

function inputsOf(table: FeatureTable): number[][] {
  const columns = FEATURES.map((name) => column(table, name));
  return Array.from(table.cutoffs, (_, row) => columns.map((values) => values[row]));
}

function line({ weights, intercept }: { weights: number[]; intercept: number }): AmountModel {
  return {
    estimator: NAME,
    predict: (table) =>
      Float64Array.from(inputsOf(table), (input) =>
        Math.max(
          0,
          input.reduce((sum, value, i) => sum + weights[i] * value, intercept),
        ),
      ),
    save: () => ({ estimator: NAME, weights, intercept }),
  };
}
