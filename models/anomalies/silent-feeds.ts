import { DAY, type Instant } from '../../features/index.ts';
import type { FeedSilence } from './week-findings.ts';

/** What a feed recorded of all partners, day by day. */
export interface FeedDays {
  feed: string;
  /** Events per day from `first` on. */
  daily: Float64Array;
}

/** Weeks whose same weekdays say what a day was to bring. */
const LOOK_BACK_WEEKS = 8;
const FEWEST_WEEKS = 4;
/**
 * Nothing at all where so many were expected is no chance: e^−12 is one in 160,000, and even feeds three times as bumpy
 * as a Poisson process would be silent so long by chance once in a year of days.
 */
const EXPECTED_IN_SILENCE = 12;

/**
 * The times in which feeds brought nothing, of those that reach into [from, to). A day was to bring the median of the
 * same weekday in the eight weeks before.
 * @param first the midnight that begins the first day of `daily`
 */
export function silentFeeds(feeds: readonly FeedDays[], first: Instant, from: Instant, to: Instant): FeedSilence[] {
  return feeds.flatMap(({ feed, daily }) => {
    const runs = silentRuns(daily, first);
    return runs
      .filter((run) => run.from < to && run.to > from)
      .map((run) => ({ entity: feed, feeds: [feed], from: run.from, to: run.to, expected: run.expected }));
  });
}

function silentRuns(daily: Float64Array, first: Instant): { from: Instant; to: Instant; expected: number }[] {
  const runs: { from: Instant; to: Instant; expected: number }[] = [];
  for (let day = 0; day < daily.length; ) {
    let [end, expected] = [day, 0];
    while (end < daily.length && daily[end] === 0) expected += expectedOn(daily, end++, day);
    if (expected >= EXPECTED_IN_SILENCE) runs.push({ from: first + day * DAY, to: first + end * DAY, expected });
    day = end + 1;
  }
  return runs;
}

/** The days of the silence itself do not say what it was to bring. */
function expectedOn(daily: Float64Array, day: number, silentSince: number): number {
  const before: number[] = [];
  for (let past = day - 7; past >= 0 && before.length < LOOK_BACK_WEEKS; past -= 7) {
    if (past < silentSince) before.push(daily[past]);
  }
  if (before.length < FEWEST_WEEKS) return 0;
  before.sort((a, b) => a - b);
  return before[Math.floor((before.length - 1) / 2)];
}

/**
 * Silences of several feeds at once as one of the source that brings them: where a source brings two feeds or more and
 * all of them that can be heard are silent, it is the source that is.
 * @param sources which feeds each source brings
 * @param heard feeds that bring enough for their silence to be told
 */
export function silentSources(
  silences: readonly FeedSilence[],
  sources: ReadonlyMap<string, readonly string[]>,
  heard: ReadonlySet<string>,
): FeedSilence[] {
  let rest = [...silences];
  for (const [source, feeds] of sources) {
    const audible = feeds.filter((feed) => heard.has(feed));
    const own = rest.filter(({ entity }) => audible.includes(entity));
    if (audible.length < 2 || !audible.every((feed) => own.some(({ entity }) => entity === feed))) continue;
    rest = rest.filter((silence) => !own.includes(silence));
    rest.push({
      entity: source,
      feeds: audible,
      from: Math.min(...own.map(({ from }) => from)),
      to: Math.max(...own.map(({ to }) => to)),
      expected: own.reduce((sum, { expected }) => sum + expected, 0),
    });
  }
  return rest;
}

/** The feeds that brought enough in the weeks before a day for a silence of a week to be told. */
export function heardFeeds(feeds: readonly FeedDays[], first: Instant, before: Instant): Set<string> {
  const end = Math.round((before - first) / DAY);
  return new Set(
    feeds
      .filter(({ daily }) => {
        let expected = 0;
        for (let day = end; day < end + 7; day++) expected += expectedOn(daily, day, end);
        return expected >= EXPECTED_IN_SILENCE;
      })
      .map(({ feed }) => feed),
  );
}
