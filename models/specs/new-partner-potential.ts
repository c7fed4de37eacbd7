import { newPartnerPotentialView } from '../../features/index.ts';
import { withOrder } from '../estimators/index.ts';
import { busiestRule } from '../estimators/order-rule.ts';
import { topValueIn } from '../labels/top-value.ts';
import type { ScoringModel } from '../scoring-model.ts';

/** Which of the new partners will be among the best of their age? A high score is good. */
export const newPartnerPotential: ScoringModel = {
  name: 'new-partner-potential',
  question:
    'How likely is it that this partner, 30 to 119 days after signing, is in the top quarter by value at month 12?',
  population: 'Partners 30 to 119 days after signing whose agreement has not ended.',
  view: newPartnerPotentialView,
  label: topValueIn(0.25),
  estimators: withOrder(busiestRule),
  highIs: 'promise',
  words: { happened: 'came into the top quarter', stayed: 'did not', rule: 'busiest-first' },
  rule: { feature: 'events_ever', first: 'highest' },
  bands: { high: 0.5, medium: 0.25 },
  actions: {
    standing: 'Agree on a plan for the first year',
    presence: 'Call, and ask how the first weeks went',
    volume: 'Register the next deals together',
    wins: 'Go through the lost deals together',
    pipeline: 'Go through the open deals together',
    company: 'Bring a lead that fits its size',
  },
  usualAction: 'Agree on a plan for the first year',
};
