import type { Agreement } from '../event-columns.ts';
import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { DAY } from '../time.ts';

function running(history: History): Agreement[] {
  return history.agreements().filter(({ endedOn }) => endedOn === null || endedOn >= history.cutoff);
}

/** The soonest of some days ahead; null where there is none. */
function soonest(days: readonly number[]): number | null {
  return days.length === 0 ? null : Math.min(...days);
}

/** Days to the next renewal of an agreement that goes on; null where none is on record. */
function daysToRenewal(history: History): number | null {
  const ahead = running(history).flatMap(({ renewsOn }) =>
    renewsOn === null ? [] : [(renewsOn - history.cutoff) / DAY],
  );
  return soonest(ahead.filter((days) => days >= 0));
}

/** Days to the last day on which notice can be given; null where no renewal ahead has one on record. */
function daysToNotice(history: History): number | null {
  const ahead = running(history).filter(({ renewsOn }) => renewsOn !== null && renewsOn >= history.cutoff);
  return soonest(
    ahead.flatMap(({ renewsOn, noticeDays }) =>
      renewsOn === null || noticeDays === null ? [] : [(renewsOn - history.cutoff) / DAY - noticeDays],
    ),
  );
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
    name: 'signed_days',
    unit: 'days',
    topic: 'standing',
    description: 'Days since the partner signed.',
    reason: {
      high: ({ value, peers }) => `Signed ${value} ago (peers ${peers})`,
      low: ({ value, peers }) => `Signed only ${value} ago (peers ${peers})`,
    },
    compute({ signedOn, cutoff }) {
      return signedOn === null ? null : (cutoff - signedOn) / DAY;
    },
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
  {
    name: 'days_to_notice',
    unit: 'days',
    topic: 'contract',
    description:
      'Days to the last day on which notice can be given before the next renewal; below 0 when it has passed.',
    reason: {
      high: ({ value, peers }) => `Notice can be given for another ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Days left to give notice: ${value} (peers ${peers})`,
    },
    compute: daysToNotice,
  },
];
