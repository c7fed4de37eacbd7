import { activationView } from '../../features/index.ts';
import { withRule } from '../estimators/index.ts';
import { newestRule } from '../estimators/order-rule.ts';
import { activatedIn } from '../labels/activated.ts';
import type { ScoringModel } from '../scoring-model.ts';

/** Which of the partners that have signed and never sold will? A high score is good. */
export const activation: ScoringModel = {
  name: 'activation',
  question: 'How likely is it that this partner, which has not sold yet, does its first business in the next 90 days?',
  population: 'Partners that signed and have no business on record, of whom the records reach back far enough to know.',
  view: activationView,
  label: activatedIn(90),
  estimators: withRule(newestRule),
  highIs: 'promise',
  words: { happened: 'did their first business', stayed: 'did none', rule: 'newest-first' },
  rule: { feature: 'signed_days', first: 'lowest' },
  bands: { high: 0.5, medium: 0.25 },
  actions: {
    standing: 'Give it its first success plan, with one named account',
    presence: 'Call, and ask what keeps them from looking in',
    quiet: 'Call, and ask what keeps them from looking in',
    breadth: 'Show what else the program offers',
    people: 'Find a second contact, on the side of sales',
    portal: 'Offer a short session on the portal',
    learning: 'Offer a training seat',
    marketing: 'Plan a first campaign together',
    support: 'Ask whether the open cases are solved',
    meetings: 'Invite to a meeting, and bring a first lead',
    satisfaction: 'Ask what the last survey was about',
    contract: 'Agree on what the first year is to bring',
    company: 'Bring a first lead that fits its size',
  },
  usualAction: 'Bring a first lead, and register it together',
};
