import type { FeatureView } from '../feature.ts';
import { contract } from '../groups/contract.ts';
import { engagement } from '../groups/engagement.ts';
import { firmographics, standing } from '../groups/firmographics.ts';
import { learning } from '../groups/learning.ts';
import { marketing } from '../groups/marketing.ts';
import { newcomer } from '../groups/newcomer.ts';
import { people } from '../groups/people.ts';
import { portal } from '../groups/portal.ts';
import { rhythm } from '../groups/rhythm.ts';
import { sentiment } from '../groups/sentiment.ts';
import { types } from '../groups/types.ts';
import { lifecycleOf } from '../lifecycle.ts';
import { pickFeatures } from './pick-features.ts';

/** A partner that signed and never sold: there is no business to look at, only what it does besides. */
export const activationView: FeatureView = {
  name: 'activation',
  entity: 'partner',
  features: [
    ...pickFeatures(newcomer, ['on_record_days', 'life_per_30d_on_record']),
    ...pickFeatures(contract, ['signed_days', 'days_to_renewal']),
    ...pickFeatures(rhythm, ['life_recency_days']),
    ...pickFeatures(engagement, ['life_days_30d', 'life_days_90d', 'life_faded_30d', 'kinds_180d']),
    ...pickFeatures(people, ['contacts_90d']),
    ...portal,
    ...pickFeatures(learning, ['learning_events_90d', 'learning_events_365d']),
    ...pickFeatures(marketing, ['funds_events_365d', 'campaigns_365d']),
    ...pickFeatures(sentiment, ['support_cases_90d', 'meetings_90d', 'meeting_days', 'survey_score']),
    ...firmographics,
    ...standing,
    ...types,
  ],
  relative: [],
  atRisk: (history) => history.countEver('qualifying') === 0 && lifecycleOf(history).state === 'onboarding',
};
