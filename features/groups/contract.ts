import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { DAY } from '../time.ts';

/** Days to the next renewal of an agreement that goes on; null where none is on record. */
function daysToRenewal(history: History): number | null {
  const ahead = history
    .agreements()
    .filter(({ endedOn }) => endedOn === null || endedOn >= history.cutoff)
    .map(({ renewsOn }) => (renewsOn === null ? Number.NaN : (renewsOn - history.cutoff) / DAY))
    .filter((days) => days >= 0);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/** The clock of the partnership: how old it is, and when it is up for renewal. */
export const contract: readonly Feature[] = [
  {
    name: 'tenure_days',
    unit: 'days',
    topic: 'standing',
    description: 'Days since the first qualifying event.',
    reason: {
      high: ({ value, peers }) => `In business with you for ${value} (peers ${peers})`,
      low: ({ value, peers }) => `New in business with you: ${value} (peers ${peers})`,
    },
    compute: (history) => history.sinceFirst('qualifying'),
  },
  {
    name: 'days_to_renewal',
    unit: 'days',
    topic: 'contract',
    description: 'Days to the next renewal of a running agreement.',
    reason: {
      high: ({ value, peers }) => `Renewal is far: in ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Renewal in ${value} (peers ${peers})`,
    },
    compute: daysToRenewal,
  },
];
