import { DAY, formatDay, type Instant } from '../../features/index.ts';
import { type Prospective, TOUCHES_PER_INITIATIVE } from './deals.ts';
import type { Cell } from './files.ts';
import { activity, chances, isNearRenewal, type Standing } from './life.ts';
import type { Partner } from './partner.ts';
import { multiplierAt } from './times.ts';
import type { Traits } from './traits.ts';

/** One of the three months after a cutoff. */
interface MonthAhead {
  start: Instant;
  isNearRenewal: boolean;
  /** The chance that nothing that is in the works becomes business in it. */
  nothingComes: number;
}

/** What is held as it is at a cutoff: traits, engagement, and initiatives a month at a level of 1. */
interface Held {
  traits: Traits;
  engagement: number;
  perMonth: number;
}

const MONTH = 30 * DAY;

/**
 * The rows of `truth/partners.csv`, for the beginning of each of a partner's months but the first: the true chance of
 * no business in the three months from then, given the hidden standing and engagement of the month before and what is
 * in the works. Engagement is held where it is; the deals that others may bring a partner into count on average.
 */
export function hazardRows({ traits, training, life }: Partner, pipeline: readonly Prospective[]): Cell[][] {
  return life.slice(1).map(({ start }, i) => {
    const { standing, since, engagement } = life[i];
    const perMonth = traits.businessPerMonth * multiplierAt(training, start) * (1 + TOUCHES_PER_INITIATIVE);
    const ahead = monthsAhead(traits, start, pipeline);
    return [traits.id, formatDay(start), quiet({ traits, engagement, perMonth }, standing, since, ahead, 0).toFixed(6)];
  });
}

function monthsAhead({ signedOn }: Traits, cutoff: Instant, pipeline: readonly Prospective[]): MonthAhead[] {
  const ahead = [0, 1, 2].map((k) => {
    const start = cutoff + k * MONTH;
    return { start, isNearRenewal: isNearRenewal(signedOn, start), nothingComes: 1 };
  });
  for (const { from, at, chance } of pipeline) {
    if (from >= cutoff || at < cutoff || at >= cutoff + 3 * MONTH) continue;
    ahead[Math.floor((at - cutoff) / MONTH)].nothingComes *= 1 - chance;
  }
  return ahead;
}

/** The chance of no business from the k-th month ahead on, given the standing before it. */
function quiet(held: Held, standing: Standing, since: number, ahead: readonly MonthAhead[], k: number): number {
  if (k === ahead.length || (standing !== 'healthy' && standing !== 'fading')) return 1;
  const { start, nothingComes, isNearRenewal: isNear } = ahead[k];
  const { engagement } = held;
  let total = 0;
  for (const [next, chance] of Object.entries(chances({ standing, engagement }, isNear)) as [Standing, number][]) {
    const now = next === standing ? since + 1 : 1;
    const level = activity(held.traits, { standing: next, since: now, engagement, start });
    const nothing = level > 0 ? nothingComes * Math.exp(-held.perMonth * level) : 1;
    total += chance * nothing * quiet(held, next, now, ahead, k + 1);
  }
  return total;
}
