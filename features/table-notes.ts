import type { Described } from './feature.ts';
import type { FeatureTable } from './feature-table.ts';
import type { Instant } from './time.ts';

/** What a feature file says of itself beside its rows. */
export interface TableNotes {
  view: string;
  cutoffs: readonly Instant[];
  /** Money is in its minor units. */
  currency: string;
  features: readonly Pick<Described, 'name' | 'unit' | 'description'>[];
}

/** @throws RangeError when a table has other columns, or in another order, than was announced */
export function requireNoted({ names }: FeatureTable, { view, features }: TableNotes): void {
  if (names.length === features.length && features.every(({ name }, i) => name === names[i])) return;
  throw new RangeError(`a table of the view ${view} has the columns ${names.join(', ')}, not those announced`);
}
