import type { DetectorState } from './memory.ts';
import { USUAL_DISPERSION, usualDispersion } from './peers.ts';

/** What is expected of a series in one usual period, in units of its own. */
export interface Expectation {
  /** What its values are counted in: 1 of counts, of amounts about the size of one event. */
  unit: number;
  /** Expected in one period of usual exposure and season, in units. */
  level: number;
  /** Variance over mean, in units. */
  dispersion: number;
}

/** How many periods of one's own the peers' dispersion is worth: of amounts less, for they differ more. */
const DISPERSION_WORTH = { counts: 10, amounts: 8 };
/** How many periods of the recent level the long-run one is worth. */
const LONG_RUN_WORTH = 0.3;
/** Nothing scatters less than counts of independent events. */
const LEAST_DISPERSION = 1.05;
/** No series is believed to stay at nothing for good. */
const LEAST_LEVEL = 0.01;

/**
 * The expectation of a series from its own fading memory, leaning on its long-run level, and that on its peers'
 * (Gamma-Poisson, empirical Bayes); its dispersion likewise.
 * @param into is filled and returned, so that millions cost no memory
 */
export function expectationOf(state: DetectorState, s: number, into: Expectation): Expectation {
  const { series, pools, law } = state;
  const group = state.groupOf[s];
  const worth = DISPERSION_WORTH[law];
  const weight = series.spreadWeight[s] + worth;
  if (law === 'amounts') {
    const busy = series.busy[s] > 0 ? series.busySum[s] / series.busy[s] : 1;
    into.unit = (series.spread[s] + worth * busy) / weight / USUAL_DISPERSION;
    into.dispersion = USUAL_DISPERSION;
  } else {
    into.unit = 1;
    into.dispersion = Math.max(LEAST_DISPERSION, (series.spread[s] + worth * usualDispersion(state, group)) / weight);
  }
  const peers = pools.levelWeight[group];
  const usual = (series.all[s] + peers * pools.level[group] * into.unit) / (series.time[s] + peers || 1);
  const level = (series.sum[s] + LONG_RUN_WORTH * usual) / (series.weight[s] + LONG_RUN_WORTH);
  into.level = Math.max(LEAST_LEVEL, level / into.unit);
  return into;
}
