import { churnRiskView } from '../../features/index.ts';
import { estimators } from '../estimators/index.ts';
import { quietFor } from '../labels/quiet.ts';
import { QUIETEST, type ScoringModel, WENT_QUIET } from '../scoring-model.ts';

/** Which of the partners that do business with us are about to stop? */
export const churnRisk: ScoringModel = {
  name: 'churn-risk',
  question: 'How likely is it that this partner does no business with us in the next 90 days, or ends the agreement?',
  population:
    'Partners that do business with us: at least three qualifying events ever, one in the last 90 days, not ended.',
  view: churnRiskView,
  label: quietFor(90),
  estimators,
  highIs: 'risk',
  words: WENT_QUIET,
  rule: QUIETEST,
  usualAction: 'Call and ask how business is going',
  bands: { high: 0.5, medium: 0.25 },
  actions: {
    quiet: 'Call the owner and ask what is in their pipeline',
    cadence: 'Agree on the next joint step with a date',
    volume: 'Go through the pipeline together',
    trend: 'Ask what changed since last quarter',
    level: 'Ask what changed since last quarter',
    presence: 'Call, and ask what would make it worth their while to look in',
    habit: 'Agree on the next joint step with a date',
    breadth: 'Offer help with a second product',
    deals: 'Ask which deals are ahead, and register the next one together',
    pipeline: 'Go through the open deals together',
    wins: 'Go through the lost deals together',
    cycle: 'Go through the open deals together',
    leads: 'Offer a lead that fits',
    marketing: 'Plan a campaign together',
    support: 'Ask whether the open cases are solved',
    meetings: 'Invite to a meeting',
    satisfaction: 'Ask what the last survey was about',
    people: 'Find out who left and who takes over',
    products: 'Offer help with a second product',
    season: 'Check whether this season differs from the last',
    portal: 'Offer a short session on what is new in the portal',
    learning: 'Offer a training seat',
    standing: 'Give a new partner its first success plan',
    contract: 'Prepare the renewal talk now',
    program: 'Look at the program before the partner',
    peers: 'Call and ask how business is going',
    company: 'Call and ask how business is going',
  },
};
