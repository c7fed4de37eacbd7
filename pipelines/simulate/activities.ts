import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens, oneOf } from './chance.ts';
import type { Deal } from './deals.ts';
import { activity, isThere, LAWS, type Month } from './life.ts';
import type { Partner } from './partner.ts';
import { event, type SimulatedEvent } from './recording.ts';
import { disturbances, drawTimes } from './times.ts';
import type { World } from './world.ts';

const PORTAL_KINDS = ['portal.login', 'portal.login', 'content.viewed', 'content.viewed', 'content.downloaded'];
const SUPPORT_PER_MONTH = 0.3;
const MEETINGS_PER_MONTH = 0.35;
/** Kinds are tracked only from these months of the world on, as such things go. */
const TRACKED_FROM: readonly [kinds: RegExp, month: number][] = [
  [/^content\./, 6],
  [/^meeting\./, 3],
];

/** Visits, support and meetings of a partner, by month. */
export function everydayEvents(partner: Partner, world: World, random: Random): SimulatedEvent[] {
  const portal = disturbances('portal', partner.incidents, null);
  const support = disturbances('support', partner.incidents, null);
  return partner.life.flatMap((month) => {
    const level = activity(partner.traits, month) * world.activity;
    const some = (kind: (random: Random) => string, perMonth: number, disturbed: typeof portal) =>
      drawTimes(perMonth, month, disturbed, random).map((at) =>
        event(kind(random), at, { seat: seatOf(partner, month, random) }),
      );
    // Those on their way out stop logging in before they stop selling.
    const visits = month.standing === 'fading' ? LAWS.fadingVisits : 1;
    return [
      ...some((chance) => oneOf(PORTAL_KINDS, chance), partner.traits.portalPerMonth * visits * level, portal),
      ...some(() => 'support.opened', SUPPORT_PER_MONTH * level, support),
      ...some(() => 'meeting.held', MEETINGS_PER_MONTH * level, []),
    ];
  });
}

/** Who of the team it was. When activity falls, the fringe of the team falls silent first. */
function seatOf({ traits }: Partner, month: Month, random: Random): number {
  const active = Math.max(1, Math.round(traits.seats * Math.min(1, activity(traits, month))));
  return Math.floor(active * random() ** 1.5);
}

/** A request for a demonstration in the course of some of a partner's own deals. */
export function demoEvents({ life }: Partner, deals: readonly Deal[], random: Random): SimulatedEvent[] {
  return deals.flatMap(({ id, account, product, openedAt, closedAt }) => {
    if (openedAt === null || closedAt === null || !happens(0.4, random)) return [];
    const at = Math.floor(between(openedAt, closedAt, random) / 1000) * 1000;
    return isThere(life, at) ? [event('demo.requested', at, { seat: 0, account: account.id, deal: id, product })] : [];
  });
}

const FUNDS_PER_MONTH = 0.05;
const CLAIMED = 0.7;

/** Money for marketing asked for, the campaign that it pays for, and what is claimed of it in the end. */
export function marketingEvents(partner: Partner, random: Random): SimulatedEvent[] {
  const { traits, life } = partner;
  const { currency } = traits.company.country;
  return life.flatMap((month) => {
    if (traits.habit === 'never-sells') return [];
    return drawTimes(FUNDS_PER_MONTH * activity(traits, month), month, [], random).flatMap((at) => {
      const value = Math.round(between(20, 120, random)) * 10_000;
      const launchedAt = at + Math.floor(between(10, 40, random)) * DAY;
      const claimedAt = launchedAt + Math.floor(between(10, 40, random)) * DAY;
      const claims = happens(CLAIMED, random) && isThere(life, claimedAt);
      const claimed = Math.round((value * between(0.6, 1, random)) / 100) * 100;
      const about = { seat: 0, currency };
      return [
        event('mdf.requested', at, { ...about, value }),
        ...(claims ? [event('campaign.launched', launchedAt, { seat: 0 })] : []),
        ...(claims ? [event('mdf.claimed', claimedAt, { ...about, value: claimed })] : []),
      ];
    });
  });
}

/** Whether an event could be recorded at all: the partner had signed, the world was on, and the kind was tracked. */
export function isTracked({ kind, happenedAt }: SimulatedEvent, signedOn: Instant, { start }: World): boolean {
  const month = TRACKED_FROM.find(([kinds]) => kinds.test(kind))?.[1] ?? 0;
  return happenedAt >= Math.max(signedOn, addMonths(start, month));
}
