import type { Deal } from '../deals.ts';
import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { amount, counted, ratioOf, recent } from '../measures.ts';
import { DAY } from '../time.ts';

/** A deal registered longer ago that nobody decided has been forgotten, not worked on. */
const OPEN_DAYS = 365;
const CYCLE_DAYS = 730;

const registered = {
  topic: 'deals',
  group: 'registered',
  words: 'Deals registered',
  clears: 'one registered deal',
} as const;
const won = { topic: 'wins', group: 'won', words: 'Deals won', clears: 'one deal won' } as const;
const lost = { topic: 'wins', group: 'lost', words: 'Deals lost' } as const;

function isOpen(deal: Deal, cutoff: number): boolean {
  const undecided = deal.wonAt === null && deal.lostAt === null && deal.rejectedAt === null;
  return undecided && deal.registeredAt !== null && deal.registeredAt >= cutoff - OPEN_DAYS * DAY;
}

/** Open deals; null where registrations have not been tracked for as long as one may be open, or name no deal. */
function openDeals(history: History): Deal[] | null {
  if (history.count('registered', OPEN_DAYS) === null || !history.nameDeals('deals', OPEN_DAYS)) return null;
  return history.deals().filter((deal) => isOpen(deal, history.cutoff));
}

function pipeline(history: History): number | null {
  const open = openDeals(history);
  if (open === null || open.some((deal) => deal.amount === null)) return null;
  return open.reduce((sum, deal) => sum + (deal.amount as number), 0);
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function daysBetween(from: number | null, to: number | null): number[] {
  return from === null || to === null || to < from ? [] : [(to - from) / DAY];
}

function cycle(history: History): number | null {
  const since = history.cutoff - CYCLE_DAYS * DAY;
  const recentlyWon = history.deals().filter(({ wonAt }) => wonAt !== null && wonAt >= since);
  return median(recentlyWon.flatMap(({ registeredAt, wonAt }) => daysBetween(registeredAt, wonAt)));
}

function openAge(history: History): number | null {
  const open = openDeals(history);
  return open && median(open.flatMap(({ registeredAt }) => daysBetween(registeredAt, history.cutoff)));
}

/** Deals lost since the last one was won; null where losses are not tracked, or name no deal. */
function lossesInARow(history: History): number | null {
  const lastWon = history.latestEvent('won') ?? Number.NEGATIVE_INFINITY;
  const days = history.recency('won') ?? Number.POSITIVE_INFINITY;
  if (history.trackedDays('lost') === 0 || !history.nameDeals('lost', days)) return null;
  return history.deals().filter(({ lostAt }) => lostAt !== null && lostAt > lastWon).length;
}

const UNNAMED = 'while they have not been tracked for so long, or where events of deals do not name them';

/** What becomes of the deals a partner brings: how many, how much, how fast, how surely. */
export const deals: readonly Feature[] = [
  counted('deals_registered', 90, registered),
  counted('deals_registered', 365, registered),
  recent('deal_registered', registered),
  counted('deals_approved', 365, { topic: 'deals', group: 'approved', words: 'Registrations approved' }),
  counted('deals_rejected', 365, { topic: 'deals', group: 'rejected', words: 'Registrations rejected' }),
  counted('deals_won', 90, won),
  counted('deals_won', 365, won),
  recent('deal_won', won),
  counted('deals_lost', 365, lost),
  amount('won_amount', 90, { ...won, words: 'Money won' }),
  amount('won_amount', 365, { ...won, words: 'Money won' }),
  {
    name: 'deals_won_change_180d',
    unit: 'ratio',
    topic: 'wins',
    description: 'Deals won in the last 180 days over those of the 180 days before.',
    reason: {
      high: ({ value, peers }) => `Wins rising: ${value} times the half year before (peers ${peers})`,
      low: ({ value, peers }) => `Wins falling: ${value} times the half year before (peers ${peers})`,
    },
    clears: 'one deal won',
    compute: (history) => ratioOf(history.count('won', 180), history.count('won', 360, 180)),
  },
  {
    name: 'open_deals',
    unit: 'events',
    topic: 'pipeline',
    description: `Deals registered in the last ${OPEN_DAYS} days and not decided yet.`,
    unknown: UNNAMED,
    reason: {
      high: ({ value, peers }) => `Open deals: ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Open deals: ${value} (peers ${peers})`,
    },
    clears: 'one registered deal',
    compute: (history) => openDeals(history)?.length ?? null,
  },
  {
    name: 'pipeline_amount',
    unit: 'money',
    topic: 'pipeline',
    description: 'What its open deals are worth, as known, in minor units of the reporting currency.',
    unknown: `${UNNAMED}, or one of them has no known amount`,
    reason: {
      high: ({ value, peers }) => `In its pipeline: ${value} (peers ${peers})`,
      low: ({ value, peers }) => `In its pipeline: ${value} (peers ${peers})`,
    },
    clears: 'one registered deal',
    compute: pipeline,
  },
  {
    name: 'open_deal_age_days',
    unit: 'days',
    topic: 'pipeline',
    description: 'Median age of its open deals.',
    unknown: `${UNNAMED}, or there is none`,
    reason: {
      high: ({ value, peers }) => `Its open deals are ${value} old (peers ${peers})`,
      low: ({ value, peers }) => `Its open deals are ${value} old (peers ${peers})`,
    },
    clears: 'a decision on its open deals',
    compute: openAge,
  },
  {
    name: 'deal_cycle_days',
    unit: 'days',
    topic: 'cycle',
    description: `Median days from registration to win, of the deals won in the last ${CYCLE_DAYS} days.`,
    reason: {
      high: ({ value, peers }) => `Its deals take ${value} to win (peers ${peers})`,
      low: ({ value, peers }) => `Its deals take ${value} to win (peers ${peers})`,
    },
    compute: cycle,
  },
  {
    name: 'losses_in_a_row',
    unit: 'events',
    topic: 'wins',
    description: 'Deals lost since the last one was won.',
    unknown: 'while losses are not tracked, or where they do not name their deals',
    reason: {
      high: ({ value, peers }) => `Lost deals since its last win: ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Lost deals since its last win: ${value} (peers ${peers})`,
    },
    clears: 'one deal won',
    compute: lossesInARow,
  },
  {
    name: 'deal_accounts_365d',
    unit: 'accounts',
    topic: 'breadth',
    description: 'Distinct customer accounts its deals of the last 365 days name.',
    reason: {
      high: ({ value, peers }) => `Deals with ${value} in a year (peers ${peers})`,
      low: ({ value, peers }) => `Deals with ${value} in a year (peers ${peers})`,
    },
    compute: (history) => history.accounts('deals', 365),
  },
];
