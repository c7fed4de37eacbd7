import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatDay, type Instant } from '../../features/index.ts';
import type { Measured } from '../bootstrap.ts';
import { type Trait, traitTest } from './traits.ts';

/** The Ideal Partner Profile: what sets top partners apart, as a document that people read, correct and compare. */
export interface Profile {
  /** The day it was learnt until and the first digits of what it says. */
  version: string;
  learntUntil: Instant;
  /** Partners of settled standing, and how many of them are top. */
  partners: number;
  top: number;
  /** top / partners; NaN without partners. */
  baseRate: number;
  /** Chosen, strongest first. */
  traits: ProfileTrait[];
  /** How many traits were looked at. */
  considered: number;
  /** Of the traits chosen, so many may be there by chance on average. */
  falseDiscoveryRate: number;
  /** Traits that came only after signing: consequences of a partnership, by their clock. */
  excluded: { trait: string; why: string }[];
  /** Traits that set top partners apart and say nothing beyond those chosen. */
  repeats: { trait: string; of: string }[];
  verdict: 'usable' | 'weak' | 'none';
  /** The verdict in a sentence. */
  says: string;
  source: 'learnt' | 'edited';
}

/** A trait of the profile. */
export interface ProfileTrait extends Trait {
  direction: 'for' | 'against';
  /** How many times as often as any partner one with the trait is top, with its 95 % interval over partners. */
  lift: Measured;
  /** Partners that have the trait, and how many of them are top. */
  support: { partners: number; top: number };
  /** The share of bootstraps that choose it too. */
  stability: number;
  /** The false-discovery rate at which it would just be chosen. */
  q: number;
}

/** A profile without its version, which follows from the rest. */
export function withVersion(profile: Omit<Profile, 'version'>): Profile {
  const digest = createHash('sha256').update(JSON.stringify(profile)).digest('hex');
  return { version: `${formatDay(profile.learntUntil)}-${digest.slice(0, 8)}`, ...profile };
}

/** NaN travels as null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const measured = z.strictObject({ value: figure, low: figure, high: figure });

const savedProfile = z.strictObject({
  version: z.string(),
  learntUntil: z.number(),
  partners: z.int().nonnegative(),
  top: z.int().nonnegative(),
  baseRate: figure,
  traits: z
    .array(
      z.strictObject({
        trait: z.string(),
        feature: z.string(),
        test: traitTest,
        says: z.string(),
        direction: z.enum(['for', 'against']),
        lift: measured,
        support: z.strictObject({ partners: z.int().nonnegative(), top: z.int().nonnegative() }),
        stability: figure,
        q: figure,
      }),
    )
    .max(1000),
  considered: z.int().nonnegative(),
  falseDiscoveryRate: z.number(),
  excluded: z.array(z.strictObject({ trait: z.string(), why: z.string() })).max(100_000),
  repeats: z.array(z.strictObject({ trait: z.string(), of: z.string() })).max(100_000),
  verdict: z.enum(['usable', 'weak', 'none']),
  says: z.string(),
  source: z.enum(['learnt', 'edited']),
});

/**
 * A profile from what `JSON.stringify` made of it.
 * @throws RangeError saying what of it is no profile
 */
export function loadProfile(saved: unknown): Profile {
  const parsed = savedProfile.safeParse(saved);
  if (!parsed.success) throw new RangeError(`this is no profile: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
