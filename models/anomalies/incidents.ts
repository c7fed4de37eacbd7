import { createHash } from 'node:crypto';
import { DAY, type Instant, WEEK } from '../../features/index.ts';
import type { Anomaly, StandingChange } from './anomaly.ts';
import { type Attributed, attribute } from './attribution.ts';
import { LEVELS, type Level, type LevelWeek, logRatio, type WeekFindings } from './week-findings.ts';

/**
 * `silence` nothing came where events were expected · `dip` fewer than expected · `spike` more · `shift` it has been so
 * for a month, and is becoming the usual.
 */
export const INCIDENT_KINDS = ['dip', 'spike', 'shift', 'silence'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** One week of the metric that an incident is told by; null where it is unknown or nothing was expected yet. */
export interface TimelineWeek {
  period: Instant;
  observed: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
}

/** Something that broke, or opened up: what a person sees, from the first week that showed it to the last. */
export interface Incident {
  /** The same for the same level, entity, feed, direction and first week, however often it is derived. */
  id: string;
  level: Level;
  /** The feed or source, `all` for the program, the region, the type, or the partner's id. */
  entity: string;
  feed: string;
  metric: string;
  direction: -1 | 1;
  kind: IncidentKind;
  status: 'open' | 'closed';
  /** Mondays: of the first week that showed it, and of the last. */
  since: Instant;
  lastSeen: Instant;
  /** The Monday from which everything was as expected again; null while it is open. */
  closedOn: Instant | null;
  /** Of the week in which it was last seen: what was observed of the metric and what was expected. */
  observed: number;
  expected: number;
  low: number;
  high: number;
  /** Two-sided p of that week, at partners together with those before it. */
  p: number;
  /** −log10 of the p of its most surprising week: 3 is one in a thousand. */
  surprise: number;
  /** What is missing (below 0) or extra so far, in minor units; null where the metric is not worth money. */
  moneyMinor: number | null;
  others: Anomaly['others'];
  /** How many alerts of single partners it stands for, in its worst week. */
  absorbed: number;
  /** The partners in which it shows most, of its worst week. */
  partners: readonly string[];
  /** The time in which a feed brought nothing; null for all else. */
  silentFrom: Instant | null;
  silentTo: Instant | null;
  /** The day it was put on the list that people see: when its week had settled; null while there was no room. */
  listedOn: Instant | null;
  /** Consecutive weeks in which it was not seen. */
  calmWeeks: number;
  /** The band of its first week: what would be a return to the usual. */
  usualLow: number;
  usualHigh: number;
  timeline: readonly TimelineWeek[];
}

/** What a program declares about incidents. */
export interface IncidentSettings {
  /** How many new incidents people are shown in a week at most. */
  budget: number;
  /** The share of false discoveries that is borne, 0 to 1. */
  rate: number;
}

/** A week's work. */
export interface FollowedWeek extends Pick<Attributed, 'tested' | 'tooFew' | 'found'> {
  /** Every incident that was open, opened or closed in the week. */
  incidents: Incident[];
  opened: number;
  /** Open incidents for which there was no room on the list. */
  leftOut: number;
}

/** What turns a missing or extra unit of a metric into minor units of money; a metric that is absent is worth none. */
export type Worth = ReadonlyMap<string, number>;

/** A week is looked at when it is over for so long: most of what is late by hours is on record then. */
export const SETTLED = DAY;
/** Weeks without a sight of it after which an incident is over. */
const CALM_WEEKS = 2;
/** Within so many weeks after it was last seen, the same again is the same incident, and the reverse is the way back. */
export const REMEMBERED_WEEKS = 8;
const SHIFT_WEEKS = 4;
/** An open incident goes on while its week is this surprising, though it would not open one. */
const GOES_ON = 0.05;
/** A silence is told where so many were expected and none came. */
const EXPECTED_IN_SILENCE = 5;
const SMALLEST_P = 1e-300;

/**
 * Moves incidents on by one week: those seen again are updated, those not seen for two weeks closed, and what is new is
 * opened. What returns to the usual after an incident is its end and not another one. The same input gives the same
 * incidents.
 * @param known incidents that are open, or were last seen within eight weeks
 * @param timelineOf the weeks of a metric up to and including this one
 */
export function followWeek(
  known: readonly Incident[],
  week: WeekFindings,
  { budget, rate }: IncidentSettings,
  worth: Worth,
  timelineOf: (about: Pick<Anomaly, 'level' | 'entity' | 'metric'>) => readonly TimelineWeek[],
): FollowedWeek {
  const remembered = known.filter(({ lastSeen }) => week.period - lastSeen <= REMEMBERED_WEEKS * WEEK);
  const { anomalies, isExplained, ...counts } = attribute(week, rate, remembered.map(standing));
  const incidents = new Map<string, Incident>();
  let opened = 0;
  for (const anomaly of anomalies) {
    const before = remembered.find((each) => isSame(each, anomaly));
    if (!before && remembered.some((each) => isWayBack(each, anomaly))) continue;
    const incident = before ? seenAgain(before, anomaly, week.period, worth) : opening(anomaly, week.period, worth);
    if (!before) opened++;
    incidents.set(incident.id, incident);
  }
  for (const before of known.filter(({ id, status }) => status === 'open' && !incidents.has(id))) {
    const now = isExplained(before) ? null : stillSeen(before, week);
    incidents.set(before.id, now ? seenAgain(before, now, week.period, worth) : calm(before));
  }
  const told = [...incidents.values()].map((each) => ({ ...each, timeline: timelineOf(each) }));
  return { ...counts, opened, ...listed(told, week.period, budget) };
}

function standing({ level, entity, metric, direction, observed, expected }: Incident): StandingChange {
  return { level, entity, metric, direction, change: logRatio(observed, expected) };
}

function isSame(incident: Incident, anomaly: Anomaly): boolean {
  return isOfSameEntity(incident, anomaly) && incident.direction === anomaly.direction;
}

function isOfSameEntity(incident: Incident, { level, entity, feed }: Pick<Anomaly, 'level' | 'entity' | 'feed'>) {
  return incident.level === level && incident.entity === entity && incident.feed === feed;
}

/** After a dip, what is more than the lowered expectation but not more than before the dip is no spike; and vice versa. */
function isWayBack(incident: Incident, anomaly: Anomaly): boolean {
  if (!isOfSameEntity(incident, anomaly) || incident.direction === anomaly.direction) return false;
  if (incident.metric !== anomaly.metric) return true;
  return anomaly.direction > 0 ? anomaly.observed <= incident.usualHigh : anomaly.observed >= incident.usualLow;
}

function opening(anomaly: Anomaly, period: Instant, worth: Worth): Incident {
  const { level, entity, feed, direction, low, high, silence } = anomaly;
  return {
    id: idOf(anomaly, period),
    ...{ level, entity, feed, direction },
    ...{ status: 'open', since: period, closedOn: null, listedOn: null, usualLow: low, usualHigh: high, timeline: [] },
    ...seen(anomaly, period),
    kind: kindOf(anomaly, 1),
    surprise: surpriseOf(anomaly.p),
    moneyMinor: moneyOf(anomaly, worth),
    absorbed: anomaly.absorbed,
    partners: anomaly.partners,
    silentFrom: silence?.from ?? null,
    silentTo: silence?.to ?? null,
  };
}

function seen(
  anomaly: Pick<Anomaly, 'metric' | 'observed' | 'expected' | 'low' | 'high' | 'p' | 'others'>,
  period: Instant,
) {
  const { metric, observed, expected, low, high, p, others } = anomaly;
  return { metric, observed, expected, low, high, p, others, lastSeen: period, calmWeeks: 0 };
}

function seenAgain(before: Incident, anomaly: Anomaly, period: Instant, worth: Worth): Incident {
  const isWorse = surpriseOf(anomaly.p) > before.surprise;
  const { absorbed, partners } = isWorse ? anomaly : before;
  const money = moneyOf(anomaly, worth);
  return {
    ...before,
    ...seen(anomaly, period),
    status: 'open',
    closedOn: null,
    kind: kindOf(anomaly, Math.round((period - before.since) / WEEK) + 1),
    surprise: Math.max(before.surprise, surpriseOf(anomaly.p)),
    moneyMinor: money === null && before.moneyMinor === null ? null : (before.moneyMinor ?? 0) + (money ?? 0),
    absorbed,
    partners,
    silentTo: anomaly.silence?.to ?? before.silentTo,
  };
}

function calm(before: Incident): Incident {
  const calmWeeks = before.calmWeeks + 1;
  if (calmWeeks < CALM_WEEKS) return { ...before, calmWeeks };
  return { ...before, calmWeeks, status: 'closed', closedOn: before.lastSeen + WEEK };
}

/** The week of an open incident's metric, where it is still beyond the usual the same way. */
function stillSeen(incident: Incident, week: WeekFindings): Anomaly | null {
  const { level, entity, metric, feed, direction } = incident;
  if (level === 'feed') return null;
  const cells = week.metrics.find((each) => each.metric === metric)?.[level];
  const place = cells?.ids.indexOf(entity) ?? -1;
  if (!cells || place < 0) return null;
  const figures = figuresOf(cells, place);
  if (!(figures.p < GOES_ON) || Math.sign(figures.observed - figures.expected) !== direction) return null;
  const { absorbed, partners, others } = incident;
  return { level, entity, metric, feed, direction, ...figures, others, absorbed, partners, silence: null };
}

function figuresOf({ observed, expected, low, high, p }: LevelWeek, place: number) {
  return { observed: observed[place], expected: expected[place], low: low[place], high: high[place], p: p[place] };
}

function kindOf({ level, observed, expected, direction }: Anomaly, weeks: number): IncidentKind {
  if (level === 'feed') return 'silence';
  if (observed === 0 && expected >= EXPECTED_IN_SILENCE) return 'silence';
  if (weeks >= SHIFT_WEEKS) return 'shift';
  return direction < 0 ? 'dip' : 'spike';
}

function surpriseOf(p: number): number {
  return -Math.log10(Math.max(p, SMALLEST_P));
}

/** What the week's missing or extra is worth; null where no metric of it is worth money. */
function moneyOf({ metric, observed, expected, others }: Anomaly, worth: Worth): number | null {
  for (const each of [{ metric, observed, expected }, ...others]) {
    const unit = worth.get(each.metric);
    if (unit !== undefined) return Math.round((each.observed - each.expected) * unit);
  }
  return null;
}

function idOf({ level, entity, feed, direction }: Anomaly, since: Instant): string {
  const digest = createHash('sha256').update(`${level}\n${entity}\n${feed}\n${direction}\n${since}`).digest('hex');
  return `incident_${digest.slice(0, 20)}`;
}

/** The higher the level, the more it explains; within a level the more surprising, then by id. */
function bySeverity(a: Incident, b: Incident): number {
  return LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.surprise - a.surprise || (a.id < b.id ? -1 : 1);
}

/** Puts as many on the list as the week's budget allows; the others wait, and are listed later if they go on. */
function listed(incidents: Incident[], period: Instant, budget: number): Pick<FollowedWeek, 'incidents' | 'leftOut'> {
  const waiting = incidents
    .filter(({ listedOn, status, lastSeen }) => listedOn === null && status === 'open' && lastSeen === period)
    .sort(bySeverity);
  const chosen = new Set(waiting.slice(0, budget).map(({ id }) => id));
  return {
    incidents: incidents
      .map((each) => (chosen.has(each.id) ? { ...each, listedOn: period + WEEK + SETTLED } : each))
      .sort(bySeverity),
    leftOut: Math.max(0, waiting.length - budget),
  };
}
