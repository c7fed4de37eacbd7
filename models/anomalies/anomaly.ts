import type { FeedSilence, Level, LevelWeek } from './week-findings.ts';

/** Something that is not as it was expected, at the level where it broke; all metrics of a feed that went with it. */
export interface Anomaly {
  level: Level;
  /** The feed, `all`, the region, the type or the partner. */
  entity: string;
  feed: string;
  /** The metric that is most surprising; the figures are its. */
  metric: string;
  /** −1 less than expected, 1 more. */
  direction: -1 | 1;
  observed: number;
  expected: number;
  low: number;
  high: number;
  /** Two-sided, of the week, at partners together with those before it. */
  p: number;
  /** Other metrics of the same feed that changed the same way. */
  others: readonly { metric: string; observed: number; expected: number }[];
  /** How many alerts of single partners it stands for: one by one, at the usual one in twenty. */
  absorbed: number;
  /** The partners in which it shows most, by how much is missing or extra. */
  partners: readonly string[];
  silence: FeedSilence | null;
}

/** A change above single partners that weeks before have shown, which goes on to explain what is below it. */
export interface StandingChange {
  level: Level;
  entity: string;
  metric: string;
  direction: -1 | 1;
  /** Logarithm of observed over expected when it was last seen. */
  change: number;
}

/** What is usually called surprising of one series by itself: without attribution, each such partner is an alert. */
export const ALERT = 0.05;

/** The figures of an entity of a level. */
export function figuresOf({ observed, expected, low, high, run }: LevelWeek, place: number) {
  return { observed: observed[place], expected: expected[place], low: low[place], high: high[place], p: run[place] };
}
