import { FeatureRows, type History, type Program, viewNamed, visitHistories } from '../features/index.ts';
import type { RangeJob, RangeWork } from './range-job.ts';

/** Features of every history, at risk or not. */
export function featureWork(
  { view, cutoffs }: RangeJob & { of: 'features' },
  program: Program,
  most: number,
): RangeWork {
  const rows = new FeatureRows(viewNamed(view), most);
  // One for all ranges: another one, which does the same, would be compiled again.
  const add = (history: History) => rows.add(history);
  return {
    take: (columns) => visitHistories(columns, program, cutoffs, add),
    part: () => ({ table: rows.taken(), outcomes: [], waits: [], amounts: [] }),
  };
}
