import type { FeatureTable } from '../../features/index.ts';
import type { TraitRows } from './count-traits.ts';
import { HAS, HAS_NOT, holders, type TraitSource, traitsOf } from './traits.ts';

/** A trait needs so many rows that have it, and so many that have not. */
const FEWEST = 5;

/** The traits that the columns of a table can make and that enough rows have, told by the names of the columns. */
export function candidatesIn(table: FeatureTable): TraitRows[] {
  return table.names
    .flatMap((name, i) => traitsOf(sourceOf(name, table.columns[i]), table.columns[i]))
    .map((trait) => ({ ...trait, held: holders(trait, table) }))
    .filter(({ held }) => enoughHave(held));
}

/** Whether enough rows have a trait, and enough have not. */
export function enoughHave(held: Uint8Array): boolean {
  const [has, hasNot] = [HAS, HAS_NOT].map((wanted) => held.filter((each) => each === wanted).length);
  return has >= FEWEST && hasNot >= FEWEST;
}

/** A column with nothing but 0 and 1 is a flag. */
function sourceOf(name: string, values: Float32Array): TraitSource {
  const isFlag = values.every((value) => value === 0 || value === 1 || Number.isNaN(value));
  const says = () => name;
  return { name, unit: isFlag ? 'flag' : 'score', description: name, reason: { high: says, low: says } };
}
