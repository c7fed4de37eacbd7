import { type KindGroup, membersOf } from './kinds.ts';
import type { Program } from './program.ts';
import { DAY, type Instant } from './time.ts';

/** What brings facts of some kinds: when it breaks, all of their metrics fall silent together. */
export type Feed = 'portal' | 'business' | 'learning' | 'support' | 'funds' | 'meetings';

/** Something that is counted for every partner, week by week. */
export interface WeeklyMetric {
  name: string;
  feed: Feed;
  group: KindGroup;
  /** Events are counted; money is added up, in minor units of the reporting currency. */
  of: 'events' | 'money';
  /** What is counted, as it stands in a sentence before its number: `Portal visits`. */
  words: string;
}

/** What is watched in every program, as far as its kinds are on record. */
const METRICS: readonly WeeklyMetric[] = [
  { name: 'portal_visits', feed: 'portal', group: 'portal', of: 'events', words: 'Portal visits' },
  { name: 'deals_registered', feed: 'business', group: 'registered', of: 'events', words: 'Deals registered' },
  { name: 'deals_won', feed: 'business', group: 'won', of: 'events', words: 'Deals won' },
  { name: 'won_amount', feed: 'business', group: 'won', of: 'money', words: 'Amount won' },
  { name: 'leads_accepted', feed: 'business', group: 'lead.accepted', of: 'events', words: 'Leads accepted' },
  { name: 'trainings', feed: 'learning', group: 'learning', of: 'events', words: 'Steps of training' },
  { name: 'support_cases', feed: 'support', group: 'support.opened', of: 'events', words: 'Support cases' },
  { name: 'funds_requested', feed: 'funds', group: 'mdf.requested', of: 'events', words: 'Funds requested' },
  { name: 'meetings', feed: 'meetings', group: 'meetings', of: 'events', words: 'Meetings' },
];

/** What a program declares as business and no other metric counts. */
const OTHER_BUSINESS = { name: 'other_business', feed: 'business', of: 'events', words: 'Business events' } as const;

/** The metric of a name; undefined where there is none. */
export function weeklyMetricNamed(name: string): Omit<WeeklyMetric, 'group'> | undefined {
  return name === OTHER_BUSINESS.name ? OTHER_BUSINESS : METRICS.find((metric) => metric.name === name);
}

/** Weeks begin on Mondays, UTC: the first Monday after 1970-01-01, which was a Thursday. */
const FIRST_MONDAY = 4 * DAY;
/** Milliseconds in a week. */
export const WEEK = 7 * DAY;

/** The Monday that begins the week of an instant. */
export function startOfWeek(instant: Instant): Instant {
  return FIRST_MONDAY + Math.floor((instant - FIRST_MONDAY) / WEEK) * WEEK;
}

/** A metric with the kinds that it counts over a stretch of weeks, and since when all of them are tracked. */
export interface TrackedMetric {
  metric: WeeklyMetric | (typeof OTHER_BUSINESS & { group: 'qualifying' });
  kinds: ReadonlySet<string>;
  since: Instant;
}

/**
 * The metrics that can be followed over [from, to). A kind that has not been tracked for half of that time is not
 * counted yet: its beginning would look like a change of the whole program.
 * @param knownBefore only what was on record before this moment counts
 */
export function trackedMetrics(
  { tracking, qualifyingKinds }: Program,
  from: Instant,
  to: Instant,
  knownBefore: Instant,
): TrackedMetric[] {
  const since = new Map<string, Instant>();
  for (const start of tracking) {
    if (start.knownBy >= knownBefore) continue;
    since.set(start.kind, Math.min(start.since, since.get(start.kind) ?? Number.POSITIVE_INFINITY));
  }
  const kinds = [...since.keys()].filter((kind) => (since.get(kind) as Instant) <= (from + to) / 2);
  const ofGroup = (group: KindGroup) => {
    const members = membersOf(group, kinds, qualifyingKinds);
    return kinds.filter((_, i) => members[i] === 1);
  };
  const covered = new Set(METRICS.flatMap(({ group }) => ofGroup(group)));
  const found = [
    ...METRICS.map((metric) => ({ metric, kinds: ofGroup(metric.group) })),
    {
      metric: { ...OTHER_BUSINESS, group: 'qualifying' as const },
      kinds: ofGroup('qualifying').filter((kind) => !covered.has(kind) && kind !== 'lead.converted'),
    },
  ];
  return found
    .filter((each) => each.kinds.length > 0)
    .map((each) => ({
      metric: each.metric,
      kinds: new Set(each.kinds),
      since: Math.max(from, ...each.kinds.map((kind) => since.get(kind) as Instant)),
    }));
}
