/**
 * Whom the team should look at this week: of the partners at or above a probability, the most probable, as many as
 * the team can call. Places in the given arrays, the most probable first; among equals the earlier.
 */
export function reviewList(probabilities: ArrayLike<number>, atLeast: number, capacity: number): number[] {
  return Array.from({ length: probabilities.length }, (_, row) => row)
    .filter((row) => probabilities[row] >= atLeast)
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b)
    .slice(0, capacity);
}
