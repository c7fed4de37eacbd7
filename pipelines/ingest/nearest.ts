import { distance } from 'fastest-levenshtein';

const SHORTEST_BEGINNING = 3;

/** ` (did you mean "x"?)` when a word is close to a known one or begins it, nothing otherwise. */
export function nearest(word: string, known: readonly string[]): string {
  const wanted = word.toLowerCase();
  const begun = known.find((each) => wanted.length >= SHORTEST_BEGINNING && each.toLowerCase().startsWith(wanted));
  const edits = (each: string) => distance(wanted, each.toLowerCase());
  const closest = begun ?? [...known].sort((a, b) => edits(a) - edits(b))[0];
  const isClose = closest !== undefined && (begun !== undefined || edits(closest) <= Math.max(2, word.length / 3));
  return isClose ? ` (did you mean "${closest}"?)` : '';
}
