import type { EndReason } from './event-columns.ts';
import { type History, hasEnded } from './history.ts';
import { quietSeason } from './quiet-season.ts';
import { DAY, formatDay } from './time.ts';

/**
 * Where a partner stands in its life: `onboarding`, signed and without business so far; `active`, with business in the
 * last 90 days; `seasonal`, without, at a time of year at which it always is; `dormant`, without for no such reason;
 * `ended`. `unknown` where the records are too short to tell one that never sold from one that has stopped.
 */
export const LIFECYCLE_STATES = ['unknown', 'onboarding', 'active', 'seasonal', 'dormant', 'ended'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** A partner's state as of a day, with its evidence. */
export interface Lifecycle {
  state: LifecycleState;
  /** Who ended it; null where it goes on. */
  endedBy: EndReason;
  /** Quiet every year at the same time, whatever the state now; null where the records cannot tell. */
  seasonal: boolean | null;
  /** Does business without the portal: silence there says nothing of it. Null where that cannot be told. */
  offPortal: boolean | null;
  /** The evidence, as a clause with the numbers in it. */
  because: string;
}

/** Business within so many days is being active; the at-risk rule of churn risk asks for the same. */
const ACTIVE_DAYS = 90;
/** One that was signed before the records begin has never sold, as far as can be known, when they are this long. */
const LONG_ENOUGH_DAYS = 180;
/** How long the portal must have been tracked, and how often business done, to say that it is done without. */
const OFF_PORTAL = { days: 180, events: 3 };

/** Where a partner stands, from its history alone. */
export function lifecycleOf(history: History): Lifecycle {
  const season = quietSeason(history);
  const told = { seasonal: season === undefined ? null : season !== null, offPortal: isOffPortal(history) };
  if (hasEnded(history)) return { ...ended(history), ...told };
  const going = { endedBy: null, ...told };
  const quiet = history.recency('qualifying');
  if (quiet === null) return { ...going, ...withoutBusiness(history) };
  if (quiet <= ACTIVE_DAYS) return { ...going, state: 'active', because: `last business ${days(quiet)} ago` };
  if (!season?.isNow) return { ...going, state: 'dormant', because: `no business for ${days(quiet)}` };
  const { years, within, around } = season;
  return {
    ...going,
    state: 'seasonal',
    because:
      `no business for ${days(quiet)}, as every year at this time: in the ${years} years on record ` +
      `${within} signs of life in the season, ${Math.round(around)} in as long around it`,
  };
}

function ended(history: History): Pick<Lifecycle, 'state' | 'endedBy' | 'because'> {
  const all = history.agreements().map(({ endedOn, endReason }) => ({ on: endedOn ?? 0, by: endReason ?? 'unknown' }));
  const last = all.reduce((latest, one) => (one.on > latest.on ? one : latest));
  const words = {
    partner: 'by the partner',
    vendor: 'by us',
    merged: 'merged into another',
    unknown: 'nobody said why',
  };
  return { state: 'ended', endedBy: last.by, because: `ended on ${formatDay(last.on)}, ${words[last.by]}` };
}

function withoutBusiness(history: History): Pick<Lifecycle, 'state' | 'because'> {
  const { signedOn, cutoff } = history;
  const tracked = Math.floor(history.trackedDays('qualifying'));
  const age = signedOn === null ? null : (cutoff - signedOn) / DAY;
  if (age !== null && age <= tracked) {
    return { state: 'onboarding', because: `not activated, ${days(age)} since signing` };
  }
  const signed = age === null ? 'nobody knows when it signed' : `signed before the records begin, ${days(age)} ago`;
  const seen = `no business in ${days(tracked)} of records; ${signed}`;
  return tracked >= LONG_ENOUGH_DAYS
    ? { state: 'onboarding', because: `not activated: ${seen}` }
    : { state: 'unknown', because: `too early to tell: ${seen}` };
}

function isOffPortal(history: History): boolean | null {
  const business = history.count('qualifying', OFF_PORTAL.days);
  const visits = history.count('portal', OFF_PORTAL.days);
  if (business === null || visits === null || business < OFF_PORTAL.events) return null;
  return visits === 0;
}

function days(count: number): string {
  const whole = Math.round(count);
  return whole === 1 ? '1 day' : `${whole} days`;
}
