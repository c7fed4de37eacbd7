/** Partners read together, about: memory is bounded by their events. */
const PARTNERS_PER_RANGE = 1000;
/** A range that has grown beyond this is split. */
const MOST_PARTNERS = 2 * PARTNERS_PER_RANGE;

/** A range of partners whose columns are in a file. */
export interface HeldRange {
  /** Its first partner; it goes up to the first of the next range. */
  first: string;
  partners: number;
  /** SHA-256 of the columns, in hexadecimal. */
  digest: string;
  bytes: number;
}

/** What becomes of a range. */
export interface RangePlan {
  /** Where some of its partners are held already; null when none are. */
  held: HeldRange | null;
  /** The ranges it is to be, each a list of partners; null where it stays as it is. */
  pieces: readonly (readonly string[])[] | null;
}

/** What to make of partners of whom nothing is held. */
export function planAll(partners: readonly string[]): RangePlan[] {
  return [{ held: null, pieces: split(partners, PARTNERS_PER_RANGE) }];
}

/**
 * What to make of ranges when facts were added.
 * @param partners all ids, in order
 * @param ranges those held, in order
 * @param changed partners with new facts
 * @returns a plan for each range; null when the ranges are not of these partners
 */
export function planRanges(
  partners: readonly string[],
  ranges: readonly HeldRange[],
  changed: ReadonlySet<string>,
): RangePlan[] | null {
  if (ranges.length === 0) return planAll(partners);
  const places = new Map(partners.map((partner, place) => [partner, place]));
  // The order is that of the bytes, which is not JavaScript's: places are compared, never ids.
  const starts = ranges.map(({ first }, i) => (places.has(first) && i === 0 ? 0 : places.get(first)));
  const plans: RangePlan[] = [];
  for (const [i, held] of ranges.entries()) {
    const from = starts[i];
    const to = i + 1 < starts.length ? starts[i + 1] : partners.length;
    if (from === undefined || to === undefined || to <= from) return null;
    const those = partners.slice(from, to);
    const stays = those.length === held.partners && !those.some((partner) => changed.has(partner));
    plans.push({ held, pieces: stays ? null : split(those, MOST_PARTNERS) });
  }
  return plans;
}

/** Partners in one piece while there are no more than `most`, otherwise in equal ones of no more than are read together. */
function split(partners: readonly string[], most: number): string[][] {
  const count = partners.length <= most ? 1 : Math.ceil(partners.length / PARTNERS_PER_RANGE);
  const size = Math.ceil(partners.length / count);
  const pieces: string[][] = [];
  for (let from = 0; from < partners.length; from += size) pieces.push(partners.slice(from, from + size));
  return pieces;
}
