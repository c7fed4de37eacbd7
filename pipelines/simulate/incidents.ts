import { DAY, formatDay, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens, oneOf } from './chance.ts';
import type { Cell } from './files.ts';
import { isThere, type Month } from './life.ts';
import type { Traits } from './traits.ts';

/** What an incident changes: visits and content, registrations and leads, or support tickets. */
export type Metric = 'portal' | 'business' | 'support';

/** A time in which something happens more or less often than it should. */
export interface Incident {
  level: 'feed' | 'program' | 'region' | 'partner';
  /** The partner, the region, the feed, or `all`. */
  entity: string;
  metric: Metric;
  /** Midnights; the end is the first day that is as usual again. */
  start: Instant;
  end: Instant;
  /** The multiple of the usual: 0 is an outage, below 1 a dip, above 1 a spike. */
  effect: number;
}

/** Shares of the partners that have an incident of their own; more of those where a dip would show. */
const PARTNER_SHARE = 0.06;
const BUSY_SHARE = 0.4;
const WEEK = 7 * DAY;
/** A dip shows only where about four events a week are expected. */
const PORTAL_FOR_A_DIP = 14;

/** Where in the world's time (0 to 1) the incidents of many partners lie, and for how many days. */
const PROGRAM = [
  { level: 'feed', entity: 'portal', metric: 'portal', at: 0.58, days: 4, effect: 0 },
  { level: 'region', entity: 'APAC', metric: 'portal', at: 0.46, days: 21, effect: 0.35 },
  // The portal was rebuilt and most content moved to where nobody is tracked: things stay that way.
  { level: 'program', entity: 'all', metric: 'portal', at: 0.75, days: Number.POSITIVE_INFINITY, effect: 0.65 },
] as const;

/** The one portal outage, the one trouble of a region and the one change of the whole program. */
export function planProgramIncidents(start: Instant, end: Instant): Incident[] {
  return PROGRAM.map(({ at, days, ...about }) => {
    const begins = start + Math.floor(((end - start) / WEEK) * at) * WEEK;
    return { ...about, start: begins, end: Math.min(end, begins + days * DAY) };
  });
}

/** The dips and spikes of a single partner, while it is there: none for most. */
export function drawPartnerIncidents(
  traits: Traits,
  life: readonly Month[],
  { start, end }: { start: Instant; end: Instant },
  random: Random,
): Incident[] {
  const canDip = traits.portalPerMonth >= PORTAL_FOR_A_DIP;
  const weeks = Math.floor((end - start) / WEEK);
  if (!happens(canDip ? BUSY_SHARE : PARTNER_SHARE, random) || weeks < 30) return [];
  const begins = start + Math.floor(between(20, weeks - 4, random)) * WEEK;
  const ends = begins + Math.floor(between(2, 5, random)) * WEEK;
  if (traits.signedOn > begins - 4 * WEEK || !isThere(life, ends)) return [];
  const about = { level: 'partner' as const, entity: traits.id, start: begins, end: ends };
  if (canDip && happens(0.7, random)) return [{ ...about, metric: 'portal', effect: 0.1 }];
  const effect = Math.round(between(30, 60, random)) / 10;
  return [{ ...about, metric: oneOf(spikesOf(traits), random), effect }];
}

function spikesOf({ portalPerMonth, businessPerMonth }: Traits): Metric[] {
  return [
    'support',
    ...(portalPerMonth > 0 ? (['portal', 'portal'] as const) : []),
    ...(businessPerMonth > 0 ? (['business'] as const) : []),
  ];
}

/** Whether an incident touches a partner. */
export function concerns({ level, entity }: Incident, traits: Traits): boolean {
  if (level === 'region') return entity === traits.region;
  return level !== 'partner' || entity === traits.id;
}

/** A row of `truth/incidents.csv`. */
export function incidentRow({ level, entity, metric, start, end, effect }: Incident): Cell[] {
  return [level, entity, metric, formatDay(start), formatDay(end), effect];
}
