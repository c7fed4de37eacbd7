import { DAY, formatDay, type Instant, startOfWeek, WEEK } from '../features/index.ts';
import {
  followWeek,
  heardFeeds,
  type Incident,
  REMEMBERED_WEEKS,
  SETTLED,
  silentFeeds,
  silentSources,
  type WeekFindings,
} from '../models/index.ts';
import {
  type Claim,
  type IncidentWeek,
  incidentsBefore,
  keepIncidentWeek,
  lastIncidentWeek,
  lastLoad,
  problem,
  requireClaim,
  sourcesOfKinds,
} from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import {
  feedDays,
  gatherWeeks,
  metricWeeks,
  type ProgramWeeks,
  type ScoredWeeks,
  scoreWeeks,
  timelineOf,
  worthOf,
} from './incident-series.ts';
import { inLedger } from './ledger.ts';

const PIPELINE = 'incidents';
/** Weeks that are counted: two of each season. */
const WEEKS = 104;
/** Weeks that a first run looks at, and the most that downtime left out and are caught up. */
const FIRST_WEEKS = 12;
const MOST_WEEKS = 26;
/** Weeks of the past that an incident is shown with. */
const TIMELINE_WEEKS = 26;

/** Facts that lag behind by more than this are a feed that has stopped, and no longer one that comes once a week. */
const STOPPED = 8 * DAY;

/** What a run came to. */
export interface IncidentRun {
  /** The weeks that were looked at, in their order; none where the last complete one had been. */
  weeks: IncidentWeek[];
  /** Every incident that was open, opened or closed in the last of them. */
  incidents: Incident[];
}

/**
 * Looks at the weeks that have ended since the last look and are complete as of a day: what changed, as incidents.
 * The last week may be done again as of the same day, and comes to the same; those before it stand.
 * @param firstWeeks how many weeks to look at when none has been yet
 * @throws a problem `LEASE_LOST` when another process is at it
 */
export async function runIncidents(context: Context, asOf: Instant, firstWeeks = FIRST_WEEKS): Promise<IncidentRun> {
  const last = startOfWeek(asOf - SETTLED) - WEEK;
  const done = await lastIncidentWeek(context.database);
  const isAgain = done !== null && done.week === last && done.asOf === asOf;
  if (done !== null && done.week >= last && !isAgain) return { weeks: [], incidents: [] };
  const next = done === null ? last - (firstWeeks - 1) * WEEK : isAgain ? last : done.week + WEEK;
  const first = Math.max(next, last - (Math.max(MOST_WEEKS, firstWeeks) - 1) * WEEK);
  const interval = { pipeline: PIPELINE, start: new Date(first), end: new Date(last + WEEK) };
  const outcome = await inLedger(
    context,
    interval,
    true,
    (claim) => lookAndKeep(context, { first, last, asOf }, claim),
    (run) => run.incidents.length,
  );
  if (outcome.status === 'skipped') throw problem('LEASE_LOST', outcome.because);
  return outcome.result;
}

/**
 * The day as of which to look for incidents: the one that facts reach to, or, where they have stopped coming, the day it
 * is; a list of scores must not take the silence of a feed for that of partners, and an incident is there to tell it.
 */
export function incidentsAsOf(asOf: Instant, day: Instant): Instant {
  return day - asOf > STOPPED ? day : asOf;
}

interface Span {
  /** Mondays of the first and the last week. */
  first: Instant;
  last: Instant;
  asOf: Instant;
}

async function lookAndKeep(context: Context, span: Span, claim: Claim): Promise<IncidentRun> {
  const { database, settings } = context;
  const loadId = await lastLoad(database);
  const { facts, program } = await programFacts(context, loadId);
  const series = await context.step(`count weeks up to ${formatDay(span.last)}`, () =>
    gatherWeeks(facts, program, span.last, WEEKS + Math.round((span.last - span.first) / WEEK), span.asOf),
  );
  const sources = feedsOfSources(series, await sourcesOfKinds(database));
  const told = Math.max(0, Math.round((span.first - series.first) / WEEK));
  const scored = await context.step(`look for what changed since ${formatDay(span.first)}`, async () =>
    scoreWeeks(series, Math.max(0, told - TIMELINE_WEEKS)),
  );
  const { incident_alert_budget, incident_false_share, qualifying_kinds, reporting_currency } = settings;
  const made = { incident_alert_budget, incident_false_share, qualifying_kinds, reporting_currency };
  return database.transaction(async (transaction) => {
    await requireClaim(transaction, claim);
    const run: IncidentRun = { weeks: [], incidents: [] };
    const since = new Date(span.first - REMEMBERED_WEEKS * WEEK);
    let known = await incidentsBefore(transaction, new Date(span.first), since);
    for (let place = told; place < series.weeks; place++) {
      const { week, incidents } = oneWeek(series, scored, sources, place, known, context);
      const kept = { ...week, asOf: span.asOf, loadId, settings: made };
      await keepIncidentWeek(transaction, kept, incidents, reporting_currency);
      run.weeks.push(kept);
      run.incidents = incidents;
      const told = new Set(incidents.map(({ id }) => id));
      known = [...known.filter(({ id }) => !told.has(id)), ...incidents];
    }
    return run;
  });
}

/** @param place of the week in the series */
function oneWeek(
  series: ProgramWeeks,
  scored: ScoredWeeks,
  sources: ReadonlyMap<string, readonly string[]>,
  place: number,
  known: readonly Incident[],
  { settings }: Pick<Context, 'settings'>,
): { week: Omit<IncidentWeek, 'asOf' | 'loadId' | 'settings'>; incidents: Incident[] } {
  const scoredPlace = place - (series.weeks - scored.weeks);
  const findings = weekFindings(series, scored, sources, place);
  const { incidents, ...counts } = followWeek(
    known,
    findings,
    { budget: settings.incident_alert_budget, rate: settings.incident_false_share },
    worthOf(series),
    (about) => timelineOf(scored, scoredPlace, TIMELINE_WEEKS, about),
  );
  return { week: { week: findings.period, ...counts }, incidents };
}

function weekFindings(
  series: ProgramWeeks,
  scored: ScoredWeeks,
  sources: ReadonlyMap<string, readonly string[]>,
  place: number,
): WeekFindings {
  const period = series.first + place * WEEK;
  const feeds = feedDays(series, place + 1);
  const silent = silentFeeds(feeds, series.first, period, period + WEEK);
  return {
    period,
    // A deal or two make the money of most weeks: what was won is what incidents are worth, and opens none. Without
    // any plant, one partner's week in nineteen would have a p below .001 by its amount; by its deals, one in 2,500.
    metrics: metricWeeks(scored, place - (series.weeks - scored.weeks)),
    silences: silentSources(silent, sources, heardFeeds(feeds, series.first, period)),
    regionOf: scored.regionOf,
    segmentOf: scored.segmentOf,
  };
}

/** Which feeds each source brings. */
function feedsOfSources(
  { metrics }: ProgramWeeks,
  brought: readonly { source: string; kind: string }[],
): Map<string, string[]> {
  const feeds = new Map<string, string[]>();
  for (const { source, kind } of brought) {
    const own = metrics.filter(({ kinds }) => kinds.has(kind)).map(({ metric }) => metric.feed);
    feeds.set(source, [...new Set([...(feeds.get(source) ?? []), ...own])]);
  }
  return feeds;
}
