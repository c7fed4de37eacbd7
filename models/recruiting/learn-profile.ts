import type { Instant } from '../../features/index.ts';
import { drawPartners, interval } from '../bootstrap.ts';
import { type Random, seeded, seedFor } from '../random.ts';
import { enoughHave } from './candidates.ts';
import { type Choice, type Chosen, chooseTraits } from './choose-traits.ts';
import { consequencesIn } from './consequences.ts';
import { type Counts, fourfoldOf, liftOf, type TraitRows } from './count-traits.ts';
import { type Profile, type ProfileTrait, withVersion } from './profile.ts';
import { OTHER, TOP, type TopPartners, UNSETTLED } from './top-partners.ts';
import { holders, type Trait, traitsOf } from './traits.ts';

export interface ProfileSettings {
  learntUntil: Instant;
  seed: number;
  /** The share of chosen traits that may be there by chance, in (0, 1). */
  falseDiscoveryRate?: number;
  /** How often partners are drawn again. */
  draws?: number;
}

const FALSE_DISCOVERY_RATE = 0.1;
const DRAWS = 300;
/** A trait that the most of the bootstraps do not choose is left out. */
const LEAST_STABILITY = 0.5;
/** With traits this stable among them a profile can be used. */
const STEADY = 0.8;

/**
 * Learns what sets top partners apart: every trait that partners had when they signed is tested against being top
 * (exactly, at a false-discovery rate), has to say something beyond the stronger ones, and to be chosen again by most
 * bootstraps over partners. Traits first known after signing are consequences and left out by their clock.
 * Sources: Benjamini & Hochberg 1995; Meinshausen & Bühlmann 2010 (stability); METHODS in the head of each step.
 */
export function learnProfile(partners: TopPartners, settings: ProfileSettings): Profile {
  const { falseDiscoveryRate = FALSE_DISCOVERY_RATE, draws = DRAWS } = settings;
  const rows = settledRows(partners);
  const excluded = consequencesIn(partners, rows);
  const candidates = candidatesFor(partners, rows, new Set(excluded.map(({ trait }) => trait)));
  const counts = { top: rows.map((row) => partners.standing[row] === TOP), traits: candidates };
  const once = new Float64Array(rows.length).fill(1);
  const choice = chooseTraits(counts, once, falseDiscoveryRate);
  const random = seeded(seedFor(settings.seed, 'profile'));
  const entities = rows.map((row) => partners.whenSigned.entities[row]);
  const traits = measureTraits(counts, choice, entities, { draws, random, falseDiscoveryRate });
  const kept = traits.filter(({ stability }) => stability >= LEAST_STABILITY);
  const top = counts.top.filter(Boolean).length;
  return withVersion({
    learntUntil: settings.learntUntil,
    partners: rows.length,
    top,
    baseRate: top / rows.length,
    traits: kept,
    considered: candidates.length,
    falseDiscoveryRate,
    excluded: excluded.map(({ trait, why }) => ({ trait, why })),
    repeats: choice.repeats,
    ...verdictOn(partners, kept),
    source: 'learnt',
  });
}

/** The rows of partners whose standing is settled. */
export function settledRows({ standing }: Pick<TopPartners, 'standing'>): number[] {
  return [...standing.keys()].filter((row) => standing[row] !== UNSETTLED);
}

function candidatesFor(partners: TopPartners, rows: readonly number[], excluded: ReadonlySet<string>): TraitRows[] {
  const { view, whenSigned } = partners;
  return view.features
    .flatMap((feature, i) =>
      traitsOf(
        feature,
        Float32Array.from(rows, (row) => whenSigned.columns[i][row]),
      ),
    )
    .filter(({ trait }) => !excluded.has(trait))
    .map((trait) => ({ ...trait, held: heldIn(trait, partners, rows) }))
    .filter(({ held }) => enoughHave(held));
}

function heldIn(trait: Trait, { whenSigned }: TopPartners, rows: readonly number[]): Uint8Array {
  const held = holders(trait, whenSigned);
  return Uint8Array.from(rows, (row) => held[row]);
}

interface Drawing {
  draws: number;
  random: Random;
  falseDiscoveryRate: number;
}

/** How sure the chosen traits are: on each draw of partners they are measured, and all traits chosen, anew. */
function measureTraits(
  counts: Counts,
  { chosen }: Choice,
  entities: readonly string[],
  { draws, random, falseDiscoveryRate }: Drawing,
): ProfileTrait[] {
  const found = chosen.map(() => ({ lifts: [] as number[], times: 0 }));
  if (chosen.length > 0) {
    for (const weights of drawPartners(entities, random, draws)) {
      const again = new Set(chooseTraits(counts, weights, falseDiscoveryRate).chosen.map(({ place }) => place));
      chosen.forEach(({ place }, i) => {
        found[i].lifts.push(liftOf(fourfoldOf(counts, place, weights)));
        found[i].times += Number(again.has(place));
      });
    }
  }
  return chosen.map((each, i) => profileTrait(counts, each, found[i].lifts, found[i].times / draws));
}

function profileTrait(counts: Counts, { place, q }: Chosen, lifts: readonly number[], stability: number): ProfileTrait {
  const { held, ...trait } = counts.traits[place];
  const found = fourfoldOf(counts, place, new Float64Array(held.length).fill(1));
  const lift = interval(liftOf(found), lifts);
  return {
    ...trait,
    direction: lift.value >= 1 ? 'for' : 'against',
    lift,
    support: { partners: found.holders, top: found.topHolders },
    stability,
    q,
  };
}

function verdictOn({ verdict, says }: TopPartners, traits: readonly ProfileTrait[]): Pick<Profile, 'verdict' | 'says'> {
  if (verdict !== 'found') return { verdict: 'none', says };
  if (traits.length === 0) {
    return {
      verdict: 'none',
      says: 'No trait sets top partners apart beyond chance: it cannot be predicted from this.',
    };
  }
  const best = traits[0];
  const told = `${best.says} (${best.lift.value.toFixed(1)} times as often top, ${best.lift.low.toFixed(1)}–${best.lift.high.toFixed(1)})`;
  const isSteady = traits.some(({ direction, stability }) => direction === 'for' && stability >= STEADY);
  return isSteady
    ? { verdict: 'usable', says: tellTraits(traits.length, told) }
    : {
        verdict: 'weak',
        says: `Little sets top partners apart, and other partners might have taught otherwise: ${told}.`,
      };
}

function tellTraits(traits: number, told: string): string {
  return traits === 1
    ? `One trait sets top partners apart: ${told}.`
    : `${traits} traits set top partners apart, first of all: ${told}.`;
}

/** How partners stand that a profile can be held against: 1 for top, 0 for others, by row of `settledRows`. */
export function outcomesOf({ standing }: Pick<TopPartners, 'standing'>, rows: readonly number[]): Uint8Array {
  return Uint8Array.from(rows, (row) => (standing[row] === TOP ? TOP : OTHER));
}
