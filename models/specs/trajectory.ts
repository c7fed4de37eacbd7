import { trajectoryView } from '../../features/index.ts';
import type { ClassScoringModel } from '../class-scoring-model.ts';
import { classEstimators } from '../estimators/index.ts';
import { trajectoryAgainst, YARDSTICKS } from '../labels/trajectory.ts';

const labels = YARDSTICKS.map(trajectoryAgainst);

/** Which way is each partner heading? */
export const trajectory: ClassScoringModel = {
  name: 'trajectory',
  question: 'Will this partner grow, stagnate or do no business with us in the next 180 days?',
  population: 'Partners at risk of churn that had 5 business events or more in the 180 days before.',
  view: trajectoryView,
  label: labels[0],
  labels,
  estimators: classEstimators,
};
