import {
  type FeatureTable,
  FeatureTableBuilder,
  type FeatureView,
  type History,
  type Instant,
  visitHistories,
} from '../features/index.ts';
import type { ProgramFacts } from './facts.ts';

/**
 * The features of every partner known at each cutoff, read range by range.
 * @param visit also shown each history, and whether its partner is at risk
 */
export async function buildFeatures(
  view: FeatureView,
  { facts, program }: ProgramFacts,
  cutoffs: readonly Instant[],
  visit?: (history: History, atRisk: boolean) => void,
): Promise<FeatureTable> {
  const ascending = [...new Set(cutoffs)].sort((a, b) => a - b);
  const builder = new FeatureTableBuilder(view);
  for await (const columns of facts.ranges(Math.max(...ascending))) {
    visitHistories(columns, program, ascending, (history) => {
      const atRisk = builder.add(history);
      visit?.(history, atRisk);
    });
  }
  return builder.build().table;
}
