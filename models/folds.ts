import { DAY, type Instant, rowsWhere } from '../features/index.ts';
import { maturityDays } from './label.ts';
import { type LabelledRows, selectFrom, type TrainingSet } from './training-set.ts';
import { waitsUpTo } from './waits.ts';

/** One step of a rolling origin: learn from what had matured, then look at what came next. */
export interface Fold<Rows> {
  learn: Rows;
  check: Rows;
  /** Where the rows of `check` stand in the set that was split. */
  checkRows: readonly number[];
}

/**
 * Splits a set by time: its later cutoffs are cut into blocks, and each block is checked by what can be learnt from
 * cutoffs whose outcomes had matured before the block began, and from no more of their waits than had passed. Blocks
 * before which not every outcome of the set had been seen are left out. Where the label says so, blocks are of partners:
 * each is checked by what the others teach, whatever the time; a backtest on later cutoffs is not touched by that.
 * @param blocks how many blocks at most
 * @param share the share of the cutoffs, counted from the end, that are checked: in (0, 1)
 */
export function rollingOrigin<Rows extends LabelledRows>(set: Rows, blocks: number, share: number): Fold<Rows>[] {
  if (set.label.foldsOfPartners) return partnerFolds(set, blocks);
  const cutoffs = [...new Set(set.table.cutoffs)].sort((a, b) => a - b);
  const checked = cutoffs.slice(Math.floor(cutoffs.length * (1 - share)));
  const size = Math.ceil(checked.length / blocks);
  const outcomes = differentOutcomes(set);
  const folds: Fold<Rows>[] = [];
  for (let from = 0; from < checked.length; from += size) {
    const block = new Set(checked.slice(from, from + size));
    const learn = asOf(selectFrom(set, maturedBefore(set, checked[from])), checked[from]);
    const checkRows = rowsWhere(set.table, (row) => block.has(set.table.cutoffs[row]));
    if (outcomes > 1 && differentOutcomes(learn) === outcomes)
      folds.push({ learn, check: selectFrom(set, checkRows), checkRows });
  }
  return folds;
}

/** Fewer parts would leave too little to learn from. */
const FEWEST_PARTS = 4;

function partnerFolds<Rows extends LabelledRows>(set: Rows, blocks: number): Fold<Rows>[] {
  const parts = Math.max(FEWEST_PARTS, blocks);
  const turns = new Map<string, number>();
  for (const entity of set.table.entities) if (!turns.has(entity)) turns.set(entity, turns.size % parts);
  const outcomes = differentOutcomes(set);
  return Array.from({ length: blocks }, (_, part) => {
    const isChecked = (row: number) => turns.get(set.table.entities[row]) === part;
    const checkRows = rowsWhere(set.table, isChecked);
    const learn = selectFrom(
      set,
      rowsWhere(set.table, (row) => !isChecked(row)),
    );
    return { learn, check: selectFrom(set, checkRows), checkRows };
  }).filter(({ learn, checkRows }) => outcomes > 1 && checkRows.length > 0 && differentOutcomes(learn) === outcomes);
}

function asOf<Rows extends LabelledRows>(set: Rows, moment: Instant): Rows {
  return set.waits ? { ...set, waits: waitsUpTo(set.waits, set.table.cutoffs, set.label, moment) } : set;
}

function maturedBefore(set: LabelledRows, moment: Instant): number[] {
  const maturity = maturityDays(set.label) * DAY;
  return rowsWhere(set.table, (row) => set.table.cutoffs[row] + maturity <= moment);
}

function differentOutcomes({ outcomes }: LabelledRows): number {
  return new Set(outcomes).size;
}

/** Whether there is anything to tell apart. */
export function hasBothClasses(set: TrainingSet): boolean {
  return set.outcomes.includes(0) && set.outcomes.includes(1);
}
