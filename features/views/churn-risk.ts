import type { FeatureView } from '../feature.ts';
import { contract } from '../groups/contract.ts';
import { learning } from '../groups/learning.ts';
import { people } from '../groups/people.ts';
import { portal } from '../groups/portal.ts';
import { products } from '../groups/products.ts';
import { relative } from '../groups/relative.ts';
import { rhythm } from '../groups/rhythm.ts';
import { season } from '../groups/season.ts';
import { trend } from '../groups/trend.ts';
import { volume } from '../groups/volume.ts';
import { hasEnded } from '../history.ts';

const EVENTS_EVER = 3;
const ACTIVE_DAYS = 90;

/** Behaviour of a partner that does business: at least 3 qualifying events ever, 1 in the last 90 days, not ended. */
export const churnRiskView: FeatureView = {
  name: 'churn-risk',
  entity: 'partner',
  features: [...rhythm, ...volume, ...people, ...products, ...trend, ...season, ...portal, ...learning, ...contract],
  relative,
  atRisk: (history) =>
    history.countEver('qualifying') >= EVENTS_EVER &&
    (history.recency('qualifying') ?? Number.POSITIVE_INFINITY) <= ACTIVE_DAYS &&
    !hasEnded(history),
};
