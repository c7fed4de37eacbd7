import { distance } from 'fastest-levenshtein';

/** " (did you mean "x"?)" when a word is close to a known one, nothing otherwise. */
export function nearest(word: string, known: readonly string[]): string {
  const ranked = known.map((each) => ({ each, edits: distance(word.toLowerCase(), each.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(2, word.length / 3) ? ` (did you mean "${best.each}"?)` : '';
}
