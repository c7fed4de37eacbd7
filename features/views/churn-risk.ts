import type { FeatureView } from '../feature.ts';
import { amongPeers } from '../groups/among-peers.ts';
import { contract } from '../groups/contract.ts';
import { deals } from '../groups/deals.ts';
import { engagement } from '../groups/engagement.ts';
import { firmographics, standing } from '../groups/firmographics.ts';
import { leads } from '../groups/leads.ts';
import { learning } from '../groups/learning.ts';
import { marketing } from '../groups/marketing.ts';
import { people } from '../groups/people.ts';
import { portal } from '../groups/portal.ts';
import { products } from '../groups/products.ts';
import { relative } from '../groups/relative.ts';
import { rhythm } from '../groups/rhythm.ts';
import { season } from '../groups/season.ts';
import { sentiment } from '../groups/sentiment.ts';
import { trend } from '../groups/trend.ts';
import { volume } from '../groups/volume.ts';
import { hasEnded } from '../history.ts';

const EVENTS_EVER = 3;
const ACTIVE_DAYS = 90;

/** All that is measured of a partner's own past. */
export const behaviour: FeatureView['features'] = [
  ...rhythm,
  ...volume,
  ...engagement,
  ...people,
  ...products,
  ...trend,
  ...season,
  ...deals,
  ...leads,
  ...portal,
  ...learning,
  ...marketing,
  ...sentiment,
  ...contract,
  ...firmographics,
  ...standing,
];

/** Behaviour of a partner that does business: at least 3 qualifying events ever, 1 in the last 90 days, not ended. */
export const churnRiskView: FeatureView = {
  name: 'churn-risk',
  entity: 'partner',
  features: behaviour,
  relative: [...relative, ...amongPeers],
  atRisk: (history) =>
    history.countEver('qualifying') >= EVENTS_EVER &&
    (history.recency('qualifying') ?? Number.POSITIVE_INFINITY) <= ACTIVE_DAYS &&
    !hasEnded(history),
};
