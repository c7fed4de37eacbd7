import type { Feature } from '../feature.ts';
import { amount, counted, recent, shareOf } from '../measures.ts';

const funds = { topic: 'marketing', group: 'funds', words: 'Requests and claims of market development funds' } as const;
const campaigns = {
  topic: 'marketing',
  group: 'campaign.launched',
  words: 'Campaigns launched',
  clears: 'a campaign',
} as const;

/** Market development funds (MDF) and the campaigns they pay for. */
export const marketing: readonly Feature[] = [
  counted('funds_events', 365, funds),
  recent('funds', funds),
  amount('funds_claimed', 365, { topic: 'marketing', group: 'mdf.claimed', words: 'Market development funds claimed' }),
  {
    name: 'funds_claimed_share_365d',
    unit: 'share',
    topic: 'marketing',
    description: 'Claims of market development funds over requests, in the last 365 days.',
    reason: {
      high: ({ value, peers }) => `Claims ${value} of the market development funds it requests (peers ${peers})`,
      low: ({ value, peers }) => `Claims only ${value} of the market development funds it requests (peers ${peers})`,
    },
    compute: (history) => shareOf(history.count('mdf.claimed', 365), history.count('mdf.requested', 365)),
  },
  counted('campaigns', 365, campaigns),
];
