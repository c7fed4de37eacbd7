import { type FeatureTable, rowCount } from '../../features/index.ts';
import type { Profile, ProfileTrait } from './profile.ts';
import { addWorth, type Worth, worthOf } from './profile-rule.ts';
import { HAS, HAS_NOT, holders } from './traits.ts';

/**
 * How well companies fit a profile: the sum of what each trait that they have, or have not, does to the odds of being
 * top, as if traits had nothing to do with each other (naive Bayes). What is unknown adds nothing.
 * @returns one number per row, any real number, higher is better: it ranks, and is no probability
 */
export function fitOfProfile(profile: Profile, table: FeatureTable): Float64Array {
  const fit = new Float64Array(rowCount(table));
  for (const trait of profile.traits) addWorth(trait, worthIn(profile, trait), table, fit);
  return fit;
}

function worthIn({ partners, top }: Profile, { support, direction }: ProfileTrait): Worth {
  // Nothing measured, as in a profile that was written before anything could be: one point for, or against.
  if (partners === 0 || support.partners === 0) return { having: direction === 'for' ? 1 : -1, lacking: 0 };
  return worthOf({ companies: partners, top, holders: support.partners, topHolders: support.top });
}

/** What of a profile one company has, in the words of its traits: those for it and those against it. */
export interface Matches {
  matched: string[];
  /** Traits against that it has, and traits for that it is known to lack. */
  against: string[];
}

/** The matches of every row. */
export function matchesOf(profile: Profile, table: FeatureTable): Matches[] {
  const all = Array.from({ length: rowCount(table) }, (): Matches => ({ matched: [], against: [] }));
  for (const trait of profile.traits) {
    const held = holders(trait, table);
    const lacking = `not: ${trait.says}`;
    for (let row = 0; row < all.length; row++) {
      if (held[row] === HAS) (trait.direction === 'for' ? all[row].matched : all[row].against).push(trait.says);
      else if (held[row] === HAS_NOT && trait.direction === 'for') all[row].against.push(lacking);
    }
  }
  return all;
}
