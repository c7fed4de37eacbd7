import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { normal } from './chance.ts';
import type { Traits } from './traits.ts';
import type { CalendarMonth } from './world.ts';

/**
 * How things stand between a partner and the vendor: it works as usual; it is on its way out, which shows; it is
 * gone; or the vendor ended it, or another company took it over.
 */
export type Standing = 'healthy' | 'fading' | 'gone' | 'ended-by-vendor' | 'merged';

/** One month of a partner's hidden life. */
export interface Month extends CalendarMonth {
  standing: Standing;
  /** Months in this standing, this one included. */
  since: number;
  /** Engagement as a logarithm, the long-run drive and the mood of the month together; 0 is usual. */
  engagement: number;
}

/** What the months go by: chances per month, and multiples. The test's oracle knows them, the product does not. */
export const LAWS = {
  fade: 0.03,
  leaveWhileFading: 0.4,
  recoverWhileFading: 0.14,
  endedByVendor: 0.0015,
  merged: 0.0008,
  /** How many times more likely fading begins when the agreement is about to be renewed. */
  renewalCliff: 2.2,
  nearRenewalDays: 60,
  /** How strongly low engagement leads to fading. */
  engagementEffect: 0.9,
  /** How strongly engagement shows in activity. */
  engagementShows: 0.5,
  /** Share of a month's mood that is there in the next, and the deviation of what comes to it. */
  moodCarries: 0.85,
  moodNoise: 0.22,
  firstMood: 0.4,
  /** What is left of business after each month of fading, and of the portal visits that go with it. */
  fadingKeeps: 0.6,
  fadingVisits: 0.6,
  seasonDepth: 2.6,
} as const;

/** Lives a partner's months through, from its signing to the end. */
export function live(traits: Traits, calendar: readonly CalendarMonth[], random: Random): Month[] {
  const life: Month[] = [];
  let mood = normal(LAWS.firstMood, random);
  let now: Month = { ...calendar[0], standing: 'healthy', since: 1, engagement: traits.drive + mood };
  for (const month of calendar) {
    if (month.start + month.days * DAY <= traits.signedOn) continue;
    mood = LAWS.moodCarries * mood + normal(LAWS.moodNoise, random);
    const engagement = traits.drive + mood;
    const standing = life.length === 0 ? 'healthy' : next(traits, { ...now, engagement }, month.start, random);
    const since = standing === now.standing ? now.since + 1 : 1;
    now = { ...month, standing, since, engagement };
    life.push(now);
  }
  return life;
}

/** Whether a day is shortly before an anniversary of the signing, when agreements are renewed. */
export function isNearRenewal(signedOn: Instant, at: Instant): boolean {
  let year = Math.max(0, Math.floor((at - signedOn) / (366 * DAY)));
  while (addMonths(signedOn, 12 * year) <= at) year++;
  const renewal = addMonths(signedOn, 12 * year);
  return renewal - at <= LAWS.nearRenewalDays * DAY;
}

/** The chances of a month's standing, given the one before. */
export function chances(
  before: Pick<Month, 'standing' | 'engagement'>,
  nearRenewal: boolean,
): Partial<Record<Standing, number>> {
  const ends = { 'ended-by-vendor': LAWS.endedByVendor, merged: LAWS.merged };
  const taken = LAWS.endedByVendor + LAWS.merged;
  switch (before.standing) {
    case 'healthy': {
      const cliff = nearRenewal ? LAWS.renewalCliff : 1;
      const fading = Math.min(0.5, LAWS.fade * cliff * Math.exp(-LAWS.engagementEffect * before.engagement));
      return { fading, ...ends, healthy: 1 - fading - taken };
    }
    case 'fading': {
      const stay = 1 - LAWS.leaveWhileFading - LAWS.recoverWhileFading - taken;
      return { gone: LAWS.leaveWhileFading, healthy: LAWS.recoverWhileFading, ...ends, fading: stay };
    }
    default:
      return { [before.standing]: 1 };
  }
}

function next(traits: Traits, before: Month, at: Instant, random: Random): Standing {
  let left = random();
  const entries = Object.entries(chances(before, isNearRenewal(traits.signedOn, at))) as [Standing, number][];
  for (const [standing, chance] of entries) {
    left -= chance;
    if (left < 0) return standing;
  }
  return entries[entries.length - 1][0];
}

/** How active a partner is in a month, as a multiple of its usual. */
export function activity(
  traits: Pick<Traits, 'habit' | 'quietMonth'>,
  { standing, since, engagement, start }: Pick<Month, 'standing' | 'since' | 'engagement' | 'start'>,
): number {
  if (standing !== 'healthy' && standing !== 'fading') return 0;
  const season = traits.habit === 'seasonal' ? seasonOf(start, traits.quietMonth) : 1;
  const fading = standing === 'fading' ? LAWS.fadingKeeps ** since : 1;
  return season * fading * Math.exp(LAWS.engagementShows * engagement);
}

/** Near 0.1 in the quiet months of a seasonal partner, about 1.2 in the others. */
function seasonOf(start: Instant, quietMonth: number): number {
  const apart = Math.cos((2 * Math.PI * (new Date(start).getUTCMonth() - quietMonth)) / 12);
  return 1.3 * Math.exp(-LAWS.seasonDepth * Math.max(0, apart) ** 2);
}

/** The month in which an instant lies; none before the signing and after the world. */
export function monthAt(life: readonly Month[], instant: Instant): Month | undefined {
  return life.findLast(({ start }) => start <= instant);
}

/** Whether a partner is still there at an instant. */
export function isThere(life: readonly Month[], instant: Instant): boolean {
  const standing = monthAt(life, instant)?.standing;
  return standing === 'healthy' || standing === 'fading';
}
