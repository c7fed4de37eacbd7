import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { DAY } from '../time.ts';

/** Days on record since it signed, or since the records begin where that was later. */
function daysOnRecord(history: History): number | null {
  const { signedOn, cutoff } = history;
  const tracked = history.trackedDays('qualifying');
  return signedOn === null ? null : Math.min(tracked, (cutoff - signedOn) / DAY);
}

/** How a partner begins: how long it has been there, and what it has done with the time. */
export const newcomer: readonly Feature[] = [
  {
    name: 'on_record_days',
    unit: 'days',
    topic: 'standing',
    description: 'Days since the partner signed, or since the records begin where that was later.',
    unknown: 'where no signing is on record',
    reason: {
      high: ({ value, peers }) => `On record for ${value} already (peers ${peers})`,
      low: ({ value, peers }) => `On record for only ${value} (peers ${peers})`,
    },
    compute: daysOnRecord,
  },
  {
    name: 'life_per_30d_on_record',
    unit: 'ratio',
    topic: 'presence',
    description: 'Signs of life of any kind so far, per 30 days on record.',
    unknown: 'where no signing is on record',
    reason: {
      high: ({ value, peers }) => `Lively from the beginning: ${value} signs of life per 30 days (peers ${peers})`,
      low: ({ value, peers }) => `Quiet from the beginning: ${value} signs of life per 30 days (peers ${peers})`,
    },
    clears: 'any sign of life',
    compute: (history) => perMonth(history, history.countEver('life')),
  },
  {
    name: 'business_per_30d_on_record',
    unit: 'ratio',
    topic: 'volume',
    description: 'Qualifying events so far, per 30 days on record.',
    unknown: 'where no signing is on record',
    reason: {
      high: ({ value, peers }) => `Selling from the beginning: ${value} per 30 days (peers ${peers})`,
      low: ({ value, peers }) => `Selling little so far: ${value} per 30 days (peers ${peers})`,
    },
    clears: 'one qualifying event',
    compute: (history) => perMonth(history, history.countEver('qualifying')),
  },
];

function perMonth(history: History, events: number): number | null {
  const days = daysOnRecord(history);
  return days === null || days < 1 ? null : (30 * events) / days;
}
