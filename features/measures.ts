import type { Feature, Phrase } from './feature.ts';
import type { History } from './history.ts';
import type { KindGroup } from './kinds.ts';

const YEAR = 365;

/** How the features of a theme speak: `words` names what is counted, as in "Deals registered: 3 in 90 days". */
interface Theme {
  topic: string;
  group: KindGroup;
  words: string;
  clears?: string;
}

/** How many events of a group there were in a window, with what a year would lead to expect as the own baseline. */
export function counted(name: string, days: number, { topic, group, words, clears }: Theme): Feature {
  return {
    name: `${name}_${days}d`,
    unit: 'events',
    topic,
    description: `${words} in the last ${days} days.`,
    reason: bothWays(
      ({ number, usual, peers }) => `${words}: ${number} in ${days} days (${own(days, usual)}peers ${peers})`,
    ),
    ...(clears !== undefined && { clears }),
    compute: (history) => history.count(group, days),
    ...(days < YEAR && { usual: (history: History) => perYear(history.count(group, YEAR), days) }),
  };
}

/** How many days ago the latest event of a group was. */
export function recent(name: string, { topic, group, words, clears }: Theme): Feature {
  return {
    name: `${name}_days`,
    unit: 'days',
    topic,
    description: `Days since the last event among: ${words.toLowerCase()}; unknown where there never was one.`,
    reason: {
      high: ({ value, peers }) => `${words}: none for ${value} (peers ${peers})`,
      low: ({ value, peers }) => `${words}: the last ${value} ago (peers ${peers})`,
    },
    ...(clears !== undefined && { clears }),
    compute: (history) => history.recency(group),
    usual: (history) => history.gaps(group)?.median ?? null,
  };
}

/** Money of the events of a group in a window, in minor units of the reporting currency. */
export function amount(name: string, days: number, { topic, group, words, clears }: Theme): Feature {
  return {
    name: `${name}_${days}d`,
    unit: 'money',
    topic,
    description: `${words} in the last ${days} days, in minor units of the reporting currency.`,
    reason: bothWays(
      ({ value, usual, peers }) => `${words}: ${value} in ${days} days (${own(days, usual)}peers ${peers})`,
    ),
    ...(clears !== undefined && { clears }),
    compute: (history) => history.money(group, days),
    ...(days < YEAR && { usual: (history: History) => perYear(history.money(group, YEAR), days) }),
  };
}

/** Of a whole year the own usual is the number itself, and says nothing. */
function own(days: number, usual: string): string {
  return days < YEAR ? `own usual ${usual}, ` : '';
}

function bothWays(phrase: Phrase): Feature['reason'] {
  return { high: phrase, low: phrase };
}

function perYear(year: number | null, days: number): number | null {
  return year === null ? null : (year * days) / YEAR;
}

/** A share of what was counted; unknown where there was nothing to have a share of. */
export function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** Half an event on both sides keeps a ratio of small counts finite and near 1. */
export function ratioOf(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : (now + 0.5) / (before + 0.5);
}
