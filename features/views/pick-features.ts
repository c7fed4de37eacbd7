import type { Feature } from '../feature.ts';

/**
 * Features of groups by their names, in the order of the groups.
 * @throws RangeError naming what no group has
 */
export function pickFeatures<Subject>(groups: readonly Feature<Subject>[], names: readonly string[]) {
  const missing = names.filter((name) => !groups.some((feature) => feature.name === name));
  if (missing.length > 0) throw new RangeError(`no group has the features ${missing.join(', ')}`);
  return groups.filter(({ name }) => names.includes(name));
}
