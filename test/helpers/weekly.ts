import { DAY, parseDay } from '../../features/index.ts';
import { type Random, type SeriesSet, seeded } from '../../models/index.ts';

/** A Monday. */
const FIRST_WEEK = parseDay('2024-01-01');

/** Weekly series as rows of values, all on one calendar. */
export function weekly(rows: readonly (readonly number[])[], more: Partial<SeriesSet> = {}): SeriesSet {
  const weeks = rows[0]?.length ?? 0;
  return {
    ids: rows.map((_, s) => `s${s}`),
    periods: Float64Array.from({ length: weeks }, (_, t) => FIRST_WEEK + 7 * t * DAY),
    days: 7,
    values: Float64Array.from(rows.flat()),
    ...more,
  };
}

/** A set without its last periods. */
export function shortened(set: SeriesSet, periods: number): SeriesSet {
  const all = set.periods.length;
  const values = set.ids.flatMap((_, s) => [...set.values.subarray(s * all, s * all + periods)]);
  const { business, ...rest } = set;
  return {
    ...rest,
    periods: set.periods.slice(0, periods),
    values: Float64Array.from(values),
    ...(business && { business: business.slice(0, periods) }),
  };
}

/** A count of independent events (Knuth 1969): many draws for a large mean. */
export function poisson(mean: number, random: Random): number {
  const stop = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > stop; product *= random()) count++;
  return count;
}

/** Steady series, each with the mean that is named. */
export function steady(means: readonly number[], weeks: number, seed: number): number[][] {
  const random = seeded(seed);
  return means.map((mean) => Array.from({ length: weeks }, () => poisson(mean, random)));
}
