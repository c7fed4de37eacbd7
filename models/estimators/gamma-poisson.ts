import { z } from 'zod';
import { column, type FeatureTable, fitGammaPrior, type GammaPrior, quietProbability } from '../../features/index.ts';
import { type Estimator, logit, type Model, type SavedModel, uncertain } from '../estimator.ts';
import { baseRate, type TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'gamma-poisson';
/** The longest look-back over which events were tracked tells the rate best. */
const WINDOWS = [365, 180, 90] as const;
const TENURE = 'tenure_days';
const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  shape: z.number().positive(),
  rate: z.number().positive(),
  horizonDays: z.number().positive(),
});

/**
 * The classical rival: every partner has its own rate of events, drawn from a Gamma distribution learnt from all of
 * them, and goes on at it. Source: Ehrenberg, Repeat-Buying, 1972 (the NBD model); Schmittlein, Morrison & Colombo 1987.
 */
export const gammaPoisson: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    return fitted(set);
  },
};

/** @param saved what `save` gave */
export function loadGammaPoisson(saved: SavedModel): Model {
  const { shape, rate, horizonDays } = savedForm.parse(saved);
  return quiet({ shape, rate }, horizonDays);
}

function fitted(set: TrainingSet): Model {
  const { counts, exposures } = counted(set.table);
  const rows = [...counts.keys()].filter((row) => counts[row] >= 0 && exposures[row] > 0);
  const { horizonDays } = set.label;
  if (!rows.some((row) => counts[row] > 0)) return quiet(priorOf(baseRate(set), horizonDays), horizonDays);
  const of = (values: Float64Array) => rows.map((row) => values[row]);
  return quiet(fitGammaPrior(of(counts), of(exposures)), horizonDays);
}

/** With nothing to count, as when tracking has only begun: the prior under which everyone has the base rate. */
function priorOf(quietShare: number, horizonDays: number): GammaPrior {
  return { shape: 1, rate: (horizonDays * quietShare) / (1 - quietShare) };
}

function quiet(prior: GammaPrior, horizonDays: number): Model {
  const probability = (count: number, exposure: number) =>
    uncertain(quietProbability(prior, count, exposure, horizonDays));
  const predict = (table: FeatureTable) => {
    const { counts, exposures } = counted(table);
    return counts.map((count, row) => (count >= 0 ? probability(count, exposures[row]) : probability(0, 0)));
  };
  return {
    estimator: NAME,
    predict,
    explain(table, rows) {
      const intercept = logit(probability(0, 0));
      const said = predict(table);
      return {
        intercept,
        features: [`events_${WINDOWS[0]}d`],
        contributions: rows.map((row) => Float64Array.of(logit(said[row]) - intercept)),
      };
    },
    refit: fitted,
    save: () => ({ estimator: NAME, ...prior, horizonDays }),
  };
}

/** Events and the days they were counted over, fewer for a young partner; NaN where nothing was tracked long enough. */
function counted(table: FeatureTable) {
  const tenure = column(table, TENURE);
  const counts = new Float64Array(tenure.length).fill(Number.NaN);
  const exposures = new Float64Array(tenure.length).fill(Number.NaN);
  for (const days of WINDOWS) {
    column(table, `events_${days}d`).forEach((events, row) => {
      if (!Number.isNaN(counts[row]) || Number.isNaN(events)) return;
      counts[row] = events;
      exposures[row] = Math.min(tenure[row], days);
    });
  }
  return { counts, exposures };
}
