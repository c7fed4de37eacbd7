import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { shareOf } from '../measures.ts';
import { DAY } from '../time.ts';

const DEAL_DAYS = 120;

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
    description: 'Qualifying events per 30 days on record, held towards one in 60 days as far as the record is short.',
    unknown: 'where no signing is on record',
    reason: {
      high: ({ value, peers }) => `Selling from the beginning: ${value} per 30 days (peers ${peers})`,
      low: ({ value, peers }) => `Selling little so far: ${value} per 30 days (peers ${peers})`,
    },
    clears: 'one qualifying event',
    compute: shrunkRate,
  },
  {
    name: 'deal_size_120d',
    unit: 'money',
    topic: 'pipeline',
    description: 'Mean money of a deal registered in the last 120 days, in minor units of the reporting currency.',
    unknown: 'where none was registered, or an amount is not known',
    reason: {
      high: ({ value, peers }) => `Registers large deals: ${value} on average (peers ${peers})`,
      low: ({ value, peers }) => `Registers small deals: ${value} on average (peers ${peers})`,
    },
    compute: (history) => shareOf(history.money('registered', DEAL_DAYS), history.count('registered', DEAL_DAYS)),
  },
];

/** Held towards one in two months: what a partner did in its first weeks says little. */
function shrunkRate(history: History): number | null {
  const days = daysOnRecord(history);
  return days === null ? null : (30 * (history.countEver('qualifying') + 1)) / (days + 60);
}

function perMonth(history: History, events: number): number | null {
  const days = daysOnRecord(history);
  return days === null || days < 1 ? null : (30 * events) / days;
}
