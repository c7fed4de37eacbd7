import { randomNormal } from 'd3-random';
import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import type { Traits } from './traits.ts';

/**
 * How things stand between a partner and the vendor: it works as usual; it is on its way out, which shows; it is
 * gone; or the vendor ended it, or another company took it over.
 */
export type Standing = 'healthy' | 'fading' | 'gone' | 'ended-by-vendor' | 'merged';

/** One month of a partner's hidden life. */
export interface Month {
  start: Instant;
  standing: Standing;
  /** Months in this standing, this one included. */
  since: number;
  /** Engagement as a logarithm; 0 is usual. */
  engagement: number;
}

const FADE_PER_MONTH = 0.03;
const LEAVE_WHILE_FADING = 0.4;
const RECOVER_WHILE_FADING = 0.14;
const ENDED_BY_VENDOR_PER_MONTH = 0.0015;
const MERGED_PER_MONTH = 0.0008;
const NEAR_RENEWAL_DAYS = 60;
const RENEWAL_CLIFF = 2.2;
/** How strongly low engagement leads to fading, and how engagement carries over from month to month. */
const ENGAGEMENT_EFFECT = 0.9;
const ENGAGEMENT_CARRIES = 0.85;
const ENGAGEMENT_NOISE = 0.22;
/** What is left of activity after each month of fading. */
const FADING_KEEPS = 0.6;
const SEASON_DEPTH = 2.6;
const MONTH_DAYS = 30;

/** Lives a partner's months through, from its signing to the end. */
export function live(traits: Traits, start: Instant, months: number, random: Random): Month[] {
  const noise = randomNormal.source(random)(0, ENGAGEMENT_NOISE);
  const life: Month[] = [];
  let now: Month = { start, standing: 'healthy', since: 1, engagement: 2 * noise() };
  for (let m = 0; m < months; m++) {
    const at = addMonths(start, m);
    if (addMonths(at, 1) <= traits.signedOn) continue;
    const engagement = ENGAGEMENT_CARRIES * now.engagement + noise();
    const standing = life.length === 0 ? 'healthy' : next(traits, { ...now, engagement }, at, random);
    now = { start: at, standing, since: standing === now.standing ? now.since + 1 : 1, engagement };
    life.push(now);
  }
  return life;
}

/** Days from a day to the next anniversary of the signing, when agreements are renewed: 1 to 366. */
function daysToRenewal(traits: Traits, at: Instant): number {
  let renewal = traits.signedOn;
  for (let year = 1; renewal <= at; year++) renewal = addMonths(traits.signedOn, 12 * year);
  return (renewal - at) / DAY;
}

/** The chances of a month's standing, given the one before. */
function chances(traits: Traits, before: Month, at: Instant): Partial<Record<Standing, number>> {
  const ends = { 'ended-by-vendor': ENDED_BY_VENDOR_PER_MONTH, merged: MERGED_PER_MONTH };
  const taken = ENDED_BY_VENDOR_PER_MONTH + MERGED_PER_MONTH;
  switch (before.standing) {
    case 'healthy': {
      const cliff = daysToRenewal(traits, at) <= NEAR_RENEWAL_DAYS ? RENEWAL_CLIFF : 1;
      const fading = Math.min(0.5, FADE_PER_MONTH * cliff * Math.exp(-ENGAGEMENT_EFFECT * before.engagement));
      return { fading, ...ends, healthy: 1 - fading - taken };
    }
    case 'fading': {
      const stay = 1 - LEAVE_WHILE_FADING - RECOVER_WHILE_FADING - taken;
      return { gone: LEAVE_WHILE_FADING, healthy: RECOVER_WHILE_FADING, ...ends, fading: stay };
    }
    default:
      return { [before.standing]: 1 };
  }
}

function next(traits: Traits, before: Month, at: Instant, random: Random): Standing {
  let left = random();
  const entries = Object.entries(chances(traits, before, at)) as [Standing, number][];
  for (const [standing, chance] of entries) {
    left -= chance;
    if (left < 0) return standing;
  }
  return entries[entries.length - 1][0];
}

/** How active a partner is in a month, as a multiple of its usual. */
export function activity(traits: Traits, { standing, since, engagement, start }: Month): number {
  if (standing !== 'healthy' && standing !== 'fading') return 0;
  const season = traits.habit === 'seasonal' ? seasonOf(start, traits.quietMonth) : 1;
  const fading = standing === 'fading' ? FADING_KEEPS ** since : 1;
  return season * fading * Math.exp(0.5 * engagement);
}

/** Near 0.1 in the quiet months of a seasonal partner, about 1.2 in the others. */
function seasonOf(start: Instant, quietMonth: number): number {
  const apart = Math.cos((2 * Math.PI * (new Date(start).getUTCMonth() - quietMonth)) / 12);
  return 1.3 * Math.exp(-SEASON_DEPTH * Math.max(0, apart) ** 2);
}

/**
 * The true chance of no business in the three months from a month's start, given the hidden standing and engagement
 * of the month before. Engagement is held where it is; deals in the works are left out of account.
 */
export function trueHazard(traits: Traits, before: Month, at: Instant, monthsAhead = 3): number {
  if (monthsAhead === 0) return 1;
  let total = 0;
  for (const [standing, chance] of Object.entries(chances(traits, before, at)) as [Standing, number][]) {
    const since = standing === before.standing ? before.since + 1 : 1;
    const month: Month = { start: at, standing, since, engagement: before.engagement };
    const quiet = Math.exp(-traits.businessPerMonth * activity(traits, month));
    total += chance * quiet * trueHazard(traits, month, at + MONTH_DAYS * DAY, monthsAhead - 1);
  }
  return total;
}
