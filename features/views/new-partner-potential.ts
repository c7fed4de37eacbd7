import type { FeatureView } from '../feature.ts';
import { deals } from '../groups/deals.ts';
import { standing } from '../groups/firmographics.ts';
import { newcomer } from '../groups/newcomer.ts';
import { types } from '../groups/types.ts';
import { volume } from '../groups/volume.ts';
import { hasEnded } from '../history.ts';
import { DAY } from '../time.ts';
import { pickFeatures } from './pick-features.ts';

/** Landmarks at day 30, 60 and 90 after signing: a monthly cutoff belongs to the last one its partner has passed. */
const LANDMARK_DAYS = { first: 30, end: 120 };

/**
 * The first months of a partner, as far as they have gone. One model for all landmarks, the age among its features:
 * van Houwelingen & Putter 2012, Dynamic Prediction in Clinical Survival Analysis, ch. 7 (landmark supermodel). Few
 * features: those a year or more after signing are few hundreds even in a large program, and every feature that says
 * little costs a little.
 */
export const newPartnerPotentialView: FeatureView = {
  name: 'new-partner-potential',
  entity: 'partner',
  features: [
    ...newcomer,
    ...pickFeatures(volume, ['events_ever']),
    ...pickFeatures(deals, ['won_amount_90d']),
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
