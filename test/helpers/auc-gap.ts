import { drawPartners, interval, type Measured, metricNamed, rank, seeded } from '../../models/index.ts';

const REPLICATES = 2000;

/** How much higher one AUC is than another on the same rows, with its 95 % interval over partners. */
export function aucGap(
  entities: readonly string[],
  outcomes: Uint8Array,
  ours: Float64Array,
  theirs: Float64Array,
): Measured {
  const auc = metricNamed('auc');
  const [one, other] = [rank(ours, outcomes), rank(theirs, outcomes)];
  const gap = (weights: Float64Array) => auc.compute(one, weights) - auc.compute(other, weights);
  const replicates = Array.from(drawPartners(entities, seeded(2015), REPLICATES), gap);
  return interval(gap(new Float64Array(outcomes.length).fill(1)), replicates);
}
