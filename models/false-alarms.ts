import { DAY } from '../features/index.ts';
import { type Measured, measureAll } from './bootstrap.ts';
import { maturityDays } from './label.ts';
import type { PastList } from './past-lists.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** How often partners that stayed were flagged all the same. */
export interface FalseAlarms {
  /** Places on lists without the outcome. */
  count: number;
  /** How long partners were at risk, all together. */
  partnerQuarters: number;
  /** count / partnerQuarters. */
  perPartnerQuarter: Measured;
}

const QUARTER = (365.25 / 4) * DAY;

/**
 * Counts the places on a test's lists that went to partners without the outcome, per quarter that a partner was at
 * risk: a row stands for the time until the next list, the last rows for as long as those before (with a single list:
 * for the time that its outcome takes). More frequent lists thus repeat an alarm and are charged for it.
 * @returns null without rows
 */
export function falseAlarms(
  { table, outcomes, label }: TrainingSet,
  lists: readonly PastList[],
  random: Random,
): FalseAlarms | null {
  if (lists.length === 0) return null;
  const alarms = lists.flatMap(({ listed }) => listed.filter((row) => outcomes[row] === 0));
  const quarters = new Float64Array(outcomes.length);
  lists.forEach(({ rows }, i) => {
    for (const row of rows) quarters[row] = stepAfter(lists, i, maturityDays(label) * DAY) / QUARTER;
  });
  const partnerQuarters = quarters.reduce((sum, each) => sum + each, 0);
  const [perPartnerQuarter] = measureAll(
    table.entities,
    [
      (weights) =>
        alarms.reduce((sum, row) => sum + weights[row], 0) /
        quarters.reduce((sum, each, row) => sum + weights[row] * each, 0),
    ],
    random,
  );
  return { count: alarms.length, partnerQuarters, perPartnerQuarter };
}

function stepAfter(lists: readonly PastList[], i: number, alone: number): number {
  if (lists.length === 1) return alone;
  const from = Math.min(i, lists.length - 2);
  return lists[from + 1].cutoff - lists[from].cutoff;
}
