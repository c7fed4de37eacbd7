import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';

const DAYS = 180;

function faded(name: string, group: 'life' | 'qualifying', halfLife: number, words: string, topic: string): Feature {
  return {
    name,
    unit: 'events',
    topic,
    description: `${words} so far, each counting half as much for every ${halfLife} days of its age.`,
    reason: {
      high: ({ number, peers }) => `${words} of late: ${number}, older ones faded (peers ${peers})`,
      low: ({ number, peers }) => `${words} of late: ${number}, older ones faded (peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    compute: (history) => history.faded(group, halfLife),
  };
}

function activeDays(days: number): Feature {
  return {
    name: `life_days_${days}d`,
    unit: 'days',
    topic: 'presence',
    description: `Days with a sign of life in the last ${days} days.`,
    reason: {
      high: ({ value, usual, peers }) => `Present on ${value} of the last ${days} (own usual ${usual}, peers ${peers})`,
      low: ({ value, usual, peers }) => `Present on ${value} of the last ${days} (own usual ${usual}, peers ${peers})`,
    },
    clears: 'any sign of life',
    compute: (history) => history.activeDays('life', days),
    usual(history) {
      const year = history.activeDays('life', 365);
      return year === null ? null : (year * days) / 365;
    },
  };
}

/** Shannon entropy as a share of the most there can be: 0 all the same, 1 evenly spread; null without any. */
function evenness(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const entropy = counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log(count / total)),
    0,
  );
  return Math.max(0, entropy / Math.log(counts.length));
}

function weekendShare(history: History): number | null {
  const perWeekday = history.weekdays('life', DAYS);
  if (perWeekday === null) return null;
  const total = perWeekday.reduce((sum, count) => sum + count, 0);
  return total === 0 ? null : (perWeekday[5] + perWeekday[6]) / total;
}

/** How present a partner is, whatever it does: how often, how lately, how evenly. */
export const engagement: readonly Feature[] = [
  activeDays(30),
  activeDays(90),
  {
    name: 'life_weeks_180d',
    unit: 'weeks',
    topic: 'presence',
    description: `Weeks with a sign of life in the last ${DAYS} days.`,
    reason: {
      high: ({ value, peers }) => `Present in ${value} of the last half year (peers ${peers})`,
      low: ({ value, peers }) => `Present in only ${value} of the last half year (peers ${peers})`,
    },
    clears: 'any sign of life',
    compute: (history) => history.activeWeeks('life', DAYS),
  },
  {
    name: 'life_trend_30d',
    unit: 'ratio',
    topic: 'presence',
    description: 'Signs of life of the last 30 days over a third of those of the 90 days before.',
    reason: {
      high: ({ value, peers }) => `Signs of life rising: ${value} times the months before (peers ${peers})`,
      low: ({ value, peers }) => `Signs of life falling: ${value} times the months before (peers ${peers})`,
    },
    clears: 'any sign of life',
    compute(history) {
      const now = history.count('life', 30);
      const before = history.count('life', 120, 30);
      return now === null || before === null ? null : (now + 0.5) / (before / 3 + 0.5);
    },
  },
  faded('life_faded_30d', 'life', 30, 'Signs of life', 'presence'),
  faded('events_faded_30d', 'qualifying', 30, 'Qualifying events', 'volume'),
  faded('events_faded_180d', 'qualifying', 180, 'Qualifying events', 'volume'),
  {
    name: 'pauses_longer_share',
    unit: 'share',
    topic: 'quiet',
    description: "Share of the partner's past pauses between days with business that were longer than the present one.",
    reason: {
      high: ({ value, peers }) => `Has often been quiet for longer: ${value} of its pauses (peers ${peers})`,
      low: ({ value, peers }) => `Only ${value} of its pauses were ever longer (peers ${peers})`,
    },
    clears: 'one qualifying event',
    compute(history) {
      const recency = history.recency('qualifying');
      return recency === null ? null : history.longerGaps('qualifying', recency);
    },
  },
  {
    name: 'weekday_evenness_180d',
    unit: 'ratio',
    topic: 'habit',
    description: `How evenly signs of life of the last ${DAYS} days spread over the week (entropy, 0 to 1).`,
    reason: {
      high: ({ value, peers }) => `At it on any day of the week (evenness ${value}, peers ${peers})`,
      low: ({ value, peers }) => `At it on few days of the week (evenness ${value}, peers ${peers})`,
    },
    compute(history) {
      const perWeekday = history.weekdays('life', DAYS);
      return perWeekday === null ? null : evenness(perWeekday);
    },
  },
  {
    name: 'weekend_share_180d',
    unit: 'share',
    topic: 'habit',
    description: `Share of the signs of life of the last ${DAYS} days on Saturdays and Sundays (UTC).`,
    reason: {
      high: ({ value, peers }) => `${value} of its activity is on weekends (peers ${peers})`,
      low: ({ value, peers }) => `${value} of its activity is on weekends (peers ${peers})`,
    },
    compute: weekendShare,
  },
  {
    name: 'kinds_180d',
    unit: 'kinds',
    topic: 'breadth',
    description: `Distinct kinds of signs of life in the last ${DAYS} days.`,
    reason: {
      high: ({ value, peers }) => `Engaged in many ways: ${value} of activity (peers ${peers})`,
      low: ({ value, peers }) => `Engaged in few ways: ${value} of activity (peers ${peers})`,
    },
    compute: (history) => history.kinds('life', DAYS),
  },
];
