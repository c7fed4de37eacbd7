import type { Instant } from '../../features/index.ts';

/** Where something broke, the highest first: the highest level that explains what is seen takes it. */
export const LEVELS = ['feed', 'program', 'region', 'segment', 'partner'] as const;
export type Level = (typeof LEVELS)[number];

/** What one week showed of one metric, side by side for the entities of a level. */
export interface LevelWeek {
  ids: readonly string[];
  /** NaN where it is unknown. */
  observed: Float64Array;
  /** What was expected before the week was seen, its middle 90 % and the two-sided mid-p; NaN where nothing is told. */
  expected: Float64Array;
  low: Float64Array;
  high: Float64Array;
  p: Float64Array;
  /** What the week says together with those before it (see `runP`); the week's own p where only that is asked. */
  run: Float64Array;
}

/** What one week showed of one metric at every level. */
export interface MetricWeek {
  metric: string;
  feed: string;
  /** One entity, `all`. */
  program: LevelWeek;
  region: LevelWeek;
  segment: LevelWeek;
  partner: LevelWeek;
}

/** Days on which a feed brought nothing of anybody, though much was to be expected. */
export interface FeedSilence {
  /** The feed, or the source that brings several of them. */
  entity: string;
  feeds: readonly string[];
  /** Midnights; the end is the first day that is not silent, or not known yet. */
  from: Instant;
  to: Instant;
  /** How many events were expected meanwhile; none came. */
  expected: number;
}

/** Everything one week showed. */
export interface WeekFindings {
  /** The Monday that begins it. */
  period: Instant;
  metrics: readonly MetricWeek[];
  silences: readonly FeedSilence[];
  /** The places of each partner's region and segment in their levels' ids, −1 where it is unknown. */
  regionOf: Int32Array;
  segmentOf: Int32Array;
}

/** Logarithm of observed over expected, with half an event on both sides so that small numbers stay finite. */
export function logRatio(observed: number, expected: number): number {
  return Math.log((observed + 0.5) / (expected + 0.5));
}
