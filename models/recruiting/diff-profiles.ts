import type { Profile, ProfileTrait } from './profile.ts';

/** What became of a profile. */
export interface ProfileDiff {
  before: string;
  after: string;
  added: ProfileTrait[];
  removed: ProfileTrait[];
  /** Traits of both whose direction turned, or whose lift left the interval it had. */
  changed: { trait: string; says: string; before: ProfileTrait; after: ProfileTrait }[];
}

/** Compares two versions of a profile, trait by trait, in the order of the later one. */
export function diffProfiles(before: Profile, after: Profile): ProfileDiff {
  const old = new Map(before.traits.map((trait) => [trait.trait, trait]));
  const now = new Set(after.traits.map(({ trait }) => trait));
  return {
    before: before.version,
    after: after.version,
    added: after.traits.filter(({ trait }) => !old.has(trait)),
    removed: before.traits.filter(({ trait }) => !now.has(trait)),
    changed: after.traits.flatMap((trait) => {
      const earlier = old.get(trait.trait);
      if (!earlier || !hasChanged(earlier, trait)) return [];
      return [{ trait: trait.trait, says: trait.says, before: earlier, after: trait }];
    }),
  };
}

function hasChanged(before: ProfileTrait, after: ProfileTrait): boolean {
  const { value } = after.lift;
  return before.direction !== after.direction || value < before.lift.low || value > before.lift.high;
}
