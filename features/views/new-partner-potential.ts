import type { FeatureView } from '../feature.ts';
import { contract } from '../groups/contract.ts';
import { deals } from '../groups/deals.ts';
import { engagement } from '../groups/engagement.ts';
import { firmographics, standing } from '../groups/firmographics.ts';
import { leads } from '../groups/leads.ts';
import { learning } from '../groups/learning.ts';
import { newcomer } from '../groups/newcomer.ts';
import { people } from '../groups/people.ts';
import { portal } from '../groups/portal.ts';
import { rhythm } from '../groups/rhythm.ts';
import { types } from '../groups/types.ts';
import { volume } from '../groups/volume.ts';
import { hasEnded } from '../history.ts';
import { DAY } from '../time.ts';
import { pickFeatures } from './pick-features.ts';

/** Landmarks at day 30, 60 and 90 after signing: a monthly cutoff belongs to the last one its partner has passed. */
const LANDMARK_DAYS = { first: 30, end: 120 };

/**
 * The first months of a partner, as far as they have gone. One model for all landmarks, the age among its features:
 * van Houwelingen & Putter 2012, Dynamic Prediction in Clinical Survival Analysis, ch. 7 (landmark supermodel).
 */
export const newPartnerPotentialView: FeatureView = {
  name: 'new-partner-potential',
  entity: 'partner',
  features: [
    ...newcomer,
    ...pickFeatures(contract, ['signed_days']),
    ...pickFeatures(rhythm, ['recency_days']),
    ...pickFeatures(volume, ['events_ever']),
    ...pickFeatures(engagement, ['life_days_90d']),
    ...pickFeatures(people, ['contacts_90d']),
    ...pickFeatures(deals, ['deals_won_90d', 'won_amount_90d', 'open_deals', 'pipeline_amount']),
    ...pickFeatures(leads, ['leads_accepted_90d']),
    ...pickFeatures(portal, ['portal_events_90d']),
    ...pickFeatures(learning, ['learning_events_90d']),
    ...firmographics,
    ...pickFeatures(standing, ['capacity']),
    ...types,
  ],
  relative: [],
  atRisk(history) {
    const { signedOn, cutoff } = history;
    if (signedOn === null || hasEnded(history)) return false;
    const age = (cutoff - signedOn) / DAY;
    return age >= LANDMARK_DAYS.first && age < LANDMARK_DAYS.end;
  },
};
