/** After so many half-lives a float cannot tell an event from nothing beside one of today. */
const FORGOTTEN_HALF_LIVES = 30;
const fadings = new Map<number, Float64Array>();

/** By age in days, what an event still counts that counts half as much for every `halfLife` days of it. */
export function fadingBy(halfLife: number): Float64Array {
  let weights = fadings.get(halfLife);
  if (!weights) {
    weights = Float64Array.from({ length: FORGOTTEN_HALF_LIVES * halfLife }, (_, age) => 2 ** (-age / halfLife));
    fadings.set(halfLife, weights);
  }
  return weights;
}
