import type { FeatureView } from '../feature.ts';
import { amongPeers } from '../groups/among-peers.ts';
import { relative } from '../groups/relative.ts';
import { behaviour, churnRiskView } from './churn-risk.ts';

const HALF_YEAR_DAYS = 180;
const EVENTS_IN_HALF_A_YEAR = 5;

/** The same behaviour, of a partner at risk of churn that has a level to rise or fall from: 5 qualifying events or more in 180 days. */
export const trajectoryView: FeatureView = {
  name: 'trajectory',
  entity: 'partner',
  features: behaviour,
  relative: [...relative, ...amongPeers],
  atRisk: (history) =>
    churnRiskView.atRisk(history) && (history.count('qualifying', HALF_YEAR_DAYS) ?? 0) >= EVENTS_IN_HALF_A_YEAR,
};
