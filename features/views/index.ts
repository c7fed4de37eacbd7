import type { FeatureView } from '../feature.ts';
import { churnRiskView } from './churn-risk.ts';

/** All views, the first being the default. */
export const views: readonly FeatureView[] = [churnRiskView];
