import type { Random } from './random.ts';
import { type RowNotes, TRAITS } from './row-notes.ts';
import { judgeSlices, type Part, type Slice } from './slices.ts';
import type { TrainingSet } from './training-set.ts';

/** The parts of a test by one trait, the largest first; rows whose trait is unknown are a part named so. */
export interface Segmentation {
  by: (typeof TRAITS)[number];
  segments: Slice[];
}

const UNKNOWN = 'unknown';

/**
 * Judges a test by type, region and tier of its partners, as known at each cutoff. A trait that tells no rows apart is
 * left out.
 * @param probabilities one per row of the test
 * @param random a fresh stream per trait, of the same chance
 */
export function judgeSegments(
  test: TrainingSet,
  { traits }: RowNotes,
  probabilities: Float64Array,
  random: () => Random,
): Segmentation[] {
  return TRAITS.flatMap((by) => {
    const parts = partsBy(traits[by]);
    return parts.length < 2 ? [] : [{ by, segments: judgeSlices(test, probabilities, parts, random()) }];
  });
}

function partsBy(values: readonly (string | null)[]): Part[] {
  const rows = new Map<string, number[]>();
  values.forEach((value, row) => {
    const name = value ?? UNKNOWN;
    const own = rows.get(name);
    if (own) own.push(row);
    else rows.set(name, [row]);
  });
  return Array.from(rows, ([name, own]) => ({ name, rows: own })).sort(
    (a, b) => b.rows.length - a.rows.length || (a.name < b.name ? -1 : 1),
  );
}
