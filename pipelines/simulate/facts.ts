import { randomExponential, randomLogNormal, randomPoisson } from 'd3-random';
import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { activity, type Month, type Standing } from './life.ts';
import { oneOf, type Traits } from './traits.ts';

/** One simulated event, as a CRM would have it. */
export interface SimulatedEvent {
  kind: string;
  happenedAt: Instant;
  knownAt: Instant;
  contact: number | null;
  account: string | null;
  deal: string | null;
  product: string | null;
  valueMinor: number | null;
}

/** One version of a simulated agreement. */
export interface SimulatedAgreement {
  knownAt: Instant;
  renewsOn: Instant;
  endedOn: Instant | null;
  endReason: 'partner' | 'vendor' | 'merged' | null;
}

/** What share of a partner's business each qualifying kind is; a deal won follows a registration. */
const REGISTERED_SHARE = 0.62;
const WON_SHARE = 0.36;
const PORTAL_KINDS = [
  'portal.login',
  'portal.login',
  'portal.login',
  'content.viewed',
  'content.viewed',
  'content.downloaded',
];
const PRODUCTS = ['Core', 'Insight', 'Shield', 'Flow', 'Edge'];
/** Content views are tracked only from this month on, as such things go. */
const CONTENT_TRACKED_FROM = 6;
const LATE_SHARE = 0.03;
const HOUR = DAY / 24;

/** Everything that happens to a partner and is on record by `end`, in no order. */
export function events(
  traits: Traits,
  life: readonly Month[],
  start: Instant,
  end: Instant,
  random: Random,
): SimulatedEvent[] {
  const contentFrom = addMonths(start, CONTENT_TRACKED_FROM);
  const all = life.flatMap((month) => eventsOf(traits, month, random));
  return all.filter(
    ({ kind, happenedAt, knownAt }) =>
      happenedAt >= Math.max(traits.signedOn, start) &&
      knownAt < end &&
      (!kind.startsWith('content.') || happenedAt >= contentFrom),
  );
}

function eventsOf(traits: Traits, month: Month, random: Random): SimulatedEvent[] {
  const level = activity(traits, month);
  if (level === 0) return [];
  const draw = (perMonth: number) => randomPoisson.source(random)(perMonth)();
  // Those on their way out stop logging in before they stop selling.
  const portal = traits.portalPerMonth * level * (month.standing === 'fading' ? 0.6 : 1);
  const some = (kind: string, perMonth: number) =>
    Array.from({ length: draw(perMonth) }, () => happening(kind, traits, month, level, random));
  return [
    ...Array.from({ length: draw(portal) }, () => happening(oneOf(PORTAL_KINDS, random), traits, month, level, random)),
    ...Array.from({ length: draw(traits.businessPerMonth * REGISTERED_SHARE * level) }, () =>
      deal(traits, month, level, random),
    ).flat(),
    ...some('lead.accepted', traits.businessPerMonth * (1 - REGISTERED_SHARE - REGISTERED_SHARE * WON_SHARE) * level),
    ...some('training.completed', 0.25 * level),
    ...some('support.opened', 0.3 * level),
    ...some('meeting.held', 0.35 * level),
  ];
}

function happening(kind: string, traits: Traits, month: Month, level: number, random: Random): SimulatedEvent {
  const happenedAt = workingTime(month.start, random);
  // When activity falls, the fringe of the team falls silent first.
  const active = Math.max(1, Math.round(traits.contacts * Math.min(1, level)));
  return {
    kind,
    happenedAt,
    knownAt: onRecord(happenedAt, random),
    contact: Math.floor(active * random() ** 1.5),
    account: null,
    deal: null,
    product: null,
    valueMinor: null,
  };
}

/** A registration, and, for some, the win that follows weeks later. */
function deal(traits: Traits, month: Month, level: number, random: Random): SimulatedEvent[] {
  const id = Math.floor(random() * 1e12).toString(36);
  const about = {
    deal: `D-${traits.id}-${id}`,
    account: `A-${id}`,
    product: PRODUCTS[Math.floor(traits.products * random())],
  };
  const registered = { ...happening('deal.registered', traits, month, level, random), ...about };
  if (random() >= WON_SHARE) return [registered];
  const happenedAt = registered.happenedAt + Math.floor(14 + 60 * random()) * DAY;
  const valueMinor = Math.round(traits.dealMinor * randomLogNormal.source(random)(-0.18, 0.6)());
  return [
    registered,
    { ...registered, kind: 'deal.won', happenedAt, knownAt: onRecord(happenedAt, random), valueMinor },
  ];
}

/** A moment in office hours of a working day of the month. */
function workingTime(month: Instant, random: Random): Instant {
  const days = (addMonths(month, 1) - month) / DAY;
  let day = month + Math.floor(days * random()) * DAY;
  const weekday = new Date(day).getUTCDay();
  if ((weekday === 0 || weekday === 6) && random() < 0.85) day += (weekday === 0 ? 1 : -1) * DAY;
  return day + 8 * HOUR + Math.floor(random() * 10 * 3600) * 1000;
}

/** Most facts are on record within hours, a few come weeks late. */
function onRecord(happenedAt: Instant, random: Random): Instant {
  const mean = random() < LATE_SHARE ? 9 * DAY : 3 * HOUR;
  return happenedAt + Math.round(randomExponential.source(random)(1 / mean)() / 1000) * 1000;
}

const END_REASONS: Partial<Record<Standing, SimulatedAgreement['endReason']>> = {
  gone: 'partner',
  'ended-by-vendor': 'vendor',
  merged: 'merged',
};
/** Of those that leave, so many say so; the others just fall silent. */
const SAYS_SO = 0.55;

/** The versions of a partner's agreement that are on record by `end`: each renewal, and the end if it was said. */
export function agreementVersions(
  traits: Traits,
  life: readonly Month[],
  end: Instant,
  random: Random,
): SimulatedAgreement[] {
  const left = life.find(({ standing }) => END_REASONS[standing] !== undefined);
  const reason = left ? (END_REASONS[left.standing] ?? null) : null;
  const saysSo = reason !== 'partner' || random() < SAYS_SO;
  const endedOn = left && saysSo ? left.start + Math.floor(10 + 50 * random()) * DAY : null;
  const versions: SimulatedAgreement[] = [];
  for (let year = 0; ; year++) {
    const knownAt = addMonths(traits.signedOn, 12 * year);
    if (knownAt >= Math.min(end, endedOn ?? end)) break;
    versions.push({ knownAt, renewsOn: addMonths(traits.signedOn, 12 * (year + 1)), endedOn: null, endReason: null });
  }
  if (endedOn !== null && endedOn + DAY < end && versions.length > 0) {
    versions.push({
      knownAt: endedOn + DAY,
      renewsOn: versions[versions.length - 1].renewsOn,
      endedOn,
      endReason: reason,
    });
  }
  return versions;
}
