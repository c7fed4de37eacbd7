import { qValues } from '../false-discoveries.ts';
import { type Counts, fourfoldOf, stratified } from './count-traits.ts';
import { exactP, stratifiedP } from './fourfold.ts';

/** A trait that was chosen: its place among those looked at. */
export interface Chosen {
  place: number;
  q: number;
}

export interface Choice {
  /** Strongest first. */
  chosen: Chosen[];
  /** Traits that would have been chosen alone, with the stronger one that says the same. */
  repeats: { trait: string; of: string }[];
}

/** A profile of more traits than these is nothing that people can keep in mind. */
const MOST_TRAITS = 12;

/**
 * Chooses the traits that have to do with being top: at a false-discovery rate over all, then one by one, the
 * strongest first, each only if it still says as much among partners that are alike in the traits chosen before.
 * @param weights how often each partner counts
 */
export function chooseTraits(counts: Counts, weights: ArrayLike<number>, falseDiscoveryRate: number): Choice {
  const ps = counts.traits.map((_, place) => exactP(fourfoldOf(counts, place, weights)));
  const qs = qValues(ps);
  const significant = [...ps.keys()]
    .filter((place) => qs[place] <= falseDiscoveryRate)
    .sort((a, b) => ps[a] - ps[b] || (counts.traits[a].trait < counts.traits[b].trait ? -1 : 1));
  // The p-value that was asked of all of them (Benjamini & Hochberg's line), not the largest that came in under it: then
  // the weakest would have to say no less once the others are known, which half of all true ones do by chance.
  const most = (falseDiscoveryRate * significant.length) / ps.length;
  const choice: Choice = { chosen: [], repeats: [] };
  let strata: number[] = counts.top.map(() => 0);
  for (const place of significant) {
    if (choice.chosen.length === MOST_TRAITS) break;
    const { trait, held } = counts.traits[place];
    // The first has nothing to repeat, whatever the two tests make of it.
    if (choice.chosen.length === 0 || stratifiedP(stratified(counts, place, weights, strata)) <= most) {
      choice.chosen.push({ place, q: qs[place] });
      strata = strata.map((stratum, row) => 3 * stratum + held[row]);
    } else {
      choice.repeats.push({ trait, of: nearestChosen(counts, choice.chosen, place) });
    }
  }
  return choice;
}

/** The chosen trait that goes with a trait most. */
function nearestChosen({ traits }: Counts, chosen: readonly Chosen[], place: number): string {
  const agreement = (other: number) => {
    let [same, odds] = [0, 0];
    traits[place].held.forEach((held, row) => {
      if (held === 1) same += Number(traits[other].held[row] === 1);
      if (held === 0) odds += Number(traits[other].held[row] === 1);
    });
    const [has, hasNot] = [1, 0].map((value) => traits[place].held.filter((held) => held === value).length);
    return Math.abs(same / has - odds / hasNot);
  };
  const [nearest] = [...chosen].sort((a, b) => agreement(b.place) - agreement(a.place));
  return traits[nearest.place].trait;
}
