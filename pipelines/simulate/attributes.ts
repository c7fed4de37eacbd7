import { DAY, formatDay, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import type { Ending } from './agreements.ts';
import { between, happens, oneOf, poisson } from './chance.ts';
import { CONSEQUENCES } from './companies.ts';
import type { Cell } from './files.ts';
import { ownerName } from './names.ts';
import type { Partner } from './partner.ts';
import { stamp, type World } from './world.ts';

/** A value that an attribute of a partner has from a day on. */
export interface Change {
  attribute: string;
  value: string;
  from: Instant;
  knownAt: Instant;
}

/** Tiers by registrations and leads in the twelve months before a review, the highest first. */
const TIERS: readonly [tier: string, least: number][] = [
  ['platinum', 40],
  ['gold', 20],
  ['silver', 7],
  ['registered', 0],
];
const REVIEW_EVERY_MONTHS = 6;
const HONOURED = 0.75;
const OWNER_CHANGES = 0.06;

function tierFor(initiatives: number): string {
  return TIERS.find(([, least]) => initiatives >= least)?.[0] ?? 'registered';
}

/** The tier a partner begins with: those who were there before are judged by the year before, the others are new. */
export function firstTier({ traits }: Partner, { start }: World, random: Random): string {
  return traits.signedOn >= start ? 'registered' : tierFor(poisson(12 * traits.businessPerMonth, random));
}

/** The tiers of a partner, reviewed twice a year by what it did (ascending) in the twelve months before. */
export function tierChanges(
  { traits, life }: Partner,
  first: string,
  initiatives: readonly Instant[],
  world: World,
): Change[] {
  const changes = [{ attribute: 'tier', value: first, from: traits.signedOn, knownAt: traits.signedOn }];
  for (const [i, { start, standing }] of life.entries()) {
    if (i < 12 || i % REVIEW_EVERY_MONTHS !== 0 || (standing !== 'healthy' && standing !== 'fading')) continue;
    const value = tierFor(initiatives.filter((at) => at < start && at >= start - 365 * DAY).length);
    if (value === changes[changes.length - 1].value) continue;
    changes.push({ attribute: 'tier', value, from: start, knownAt: start + 3 * DAY + DAY / 2 });
  }
  return changes.filter(({ knownAt }) => knownAt < world.end);
}

/** What comes to a partner once it has been in the highest tier for some months: never before. */
export function consequences(tiers: readonly Change[], { start }: World, random: Random): Change[] {
  const top = tiers.find(({ value }) => value === TIERS[0][0]);
  if (!top) return [];
  const since = Math.max(top.knownAt, start);
  return CONSEQUENCES.filter(() => happens(HONOURED, random)).map(({ attribute, value }) => {
    const from = since + Math.floor(between(30, 150, random)) * DAY;
    return { attribute, value, from, knownAt: from };
  });
}

/** Another channel manager for a few, and the end of the partnership where it was said. */
export function otherChanges(
  { traits }: Partner,
  { start, end }: World,
  ending: Ending | null,
  random: Random,
): Change[] {
  const changes: Change[] = [];
  if (happens(OWNER_CHANGES, random)) {
    const from = start + Math.floor(((end - start) / DAY) * between(0.1, 0.9, random)) * DAY;
    const value = ownerName(oneOf([1, 2, 3, 4, 5, 6, 7, 8, 9], random));
    if (from > traits.signedOn && value !== traits.owner) {
      changes.push({ attribute: 'owner', value, from, knownAt: from + DAY / 2 });
    }
  }
  if (ending) changes.push({ attribute: 'status', value: 'ended', from: ending.on, knownAt: ending.on + DAY });
  return changes;
}

/** The rows of `partner_attributes.csv` on record by `end`. */
export function attributeRows(partner: string, changes: readonly Change[], end: Instant): Cell[][] {
  return changes
    .filter(({ knownAt }) => knownAt < end)
    .map(({ attribute, value, from, knownAt }) => [partner, attribute, value, formatDay(from), stamp(knownAt)]);
}
