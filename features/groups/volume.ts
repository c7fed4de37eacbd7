import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { type Measure, perWindow } from '../windowed.ts';
import { WINDOWS } from '../windows.ts';

type Counted = 'count' | 'activeDays' | 'activeWeeks';

/** What the last year amounts to per window, as the partner's own baseline. */
const perYear = (measure: Counted, days: number) => (history: History) => {
  const year = history[measure]('qualifying', 365);
  return year === null ? null : (year * days) / 365;
};

function windowed(counted: Counted, measure: Measure, prefix: string, words: string, unit: Feature['unit']): Feature[] {
  return perWindow(WINDOWS, measure, (days) => ({
    name: `${prefix}_${days}d`,
    unit,
    topic: 'volume',
    description: `${words} of the last ${days} days.`,
    reason: {
      high: ({ number, usual, peers }) => `${words}: ${number} in ${days} days (own usual ${usual}, peers ${peers})`,
      low: ({ number, usual, peers }) => `${words}: ${number} in ${days} days (own usual ${usual}, peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    usual: perYear(counted, days),
  }));
}

const events: Measure = (history, days, into) => history.countEach('qualifying', days, into);
const activeDays: Measure = (history, days, into) => history.activeDaysEach('qualifying', days, into);
const activeWeeks: Measure = (history, days, into) => history.activeWeeksEach('qualifying', days, into);

/** How much business a partner did lately: events, and days and weeks with any. */
export const volume: readonly Feature[] = [
  ...windowed('count', events, 'events', 'Qualifying events', 'events'),
  ...windowed('activeDays', activeDays, 'active_days', 'Days with business', 'days'),
  ...windowed('activeWeeks', activeWeeks, 'active_weeks', 'Weeks with business', 'weeks'),
  {
    name: 'events_ever',
    unit: 'events',
    topic: 'standing',
    description: 'Qualifying events on record since the partner began.',
    reason: {
      high: ({ value, peers }) => `A long record: ${value} qualifying events (peers ${peers})`,
      low: ({ value, peers }) => `A short record: ${value} qualifying events (peers ${peers})`,
    },
    compute: (history) => history.countEver('qualifying'),
  },
];
