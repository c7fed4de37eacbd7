import type { Fourfold } from './fourfold.ts';
import { HAS, type Trait, UNKNOWN } from './traits.ts';

/** A trait, and per partner whether it has it: `HAS`, `HAS_NOT` or `UNKNOWN`. */
export interface TraitRows extends Trait {
  held: Uint8Array;
}

/** What is counted: per partner whether it is top, and the traits. */
export interface Counts {
  top: readonly boolean[];
  traits: readonly TraitRows[];
}

/** The fourfold table of a trait among the partners of whom it is known. @param weights how often each partner counts */
export function fourfoldOf({ top, traits }: Counts, place: number, weights: ArrayLike<number>): Fourfold {
  const { held } = traits[place];
  const found = { all: 0, top: 0, holders: 0, topHolders: 0 };
  for (let row = 0; row < held.length; row++) add(found, held[row], top[row], weights[row]);
  return found;
}

/** The same table for each stratum that a partner can be in. */
export function stratified(
  { top, traits }: Counts,
  place: number,
  weights: ArrayLike<number>,
  strata: readonly number[],
): Iterable<Fourfold> {
  const { held } = traits[place];
  const tables = new Map<number, Fourfold>();
  for (let row = 0; row < held.length; row++) {
    let found = tables.get(strata[row]);
    if (!found) {
      found = { all: 0, top: 0, holders: 0, topHolders: 0 };
      tables.set(strata[row], found);
    }
    add(found, held[row], top[row], weights[row]);
  }
  return tables.values();
}

function add(into: Fourfold, held: number, isTop: boolean, weight: number): void {
  if (held === UNKNOWN) return;
  into.all += weight;
  if (isTop) into.top += weight;
  if (held !== HAS) return;
  into.holders += weight;
  if (isTop) into.topHolders += weight;
}

/** How many times as often as any partner one with the trait is top; NaN where nobody has it or nobody is top. */
export function liftOf({ all, top, holders, topHolders }: Fourfold): number {
  return topHolders / holders / (top / all);
}
