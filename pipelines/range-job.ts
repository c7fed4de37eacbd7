import {
  type EventColumns,
  FeatureRows,
  type History,
  type Instant,
  type Program,
  viewNamed,
  visitHistories,
} from '../features/index.ts';
import { anyModelNamed, isClassModel, type PanelPart, PanelRows } from '../models/index.ts';

/** What is to be made of each range of partners, in words that can be sent to another thread; cutoffs ascend. */
export type RangeJob =
  | { of: 'features'; view: string; cutoffs: readonly Instant[] }
  | { of: 'panel'; model: string; label: string; cutoffs: readonly Instant[]; knownBy: readonly Instant[] };

/** What ranges of partners come to: their rows in the order they came, with outcomes for a panel. */
export type RangePart = PanelPart;

/** A job that is being done: ranges are taken in one after the other, and make one part together. */
export interface RangeWork {
  take(columns: EventColumns): void;
  /** What was taken in; nothing may be after that. */
  part(): RangePart;
}

/**
 * Begins a job.
 * @param most about how many histories there will be at most
 */
export function beginJob(job: RangeJob, program: Program, most: number): RangeWork {
  return job.of === 'panel' ? panelWork(job, program, most) : featureWork(job, program, most);
}

/** Does a job for one range: a pure function, the same on any thread. */
export function doRange(job: RangeJob, columns: EventColumns, program: Program): RangePart {
  const work = beginJob(job, program, columns.partners.length * job.cutoffs.length);
  work.take(columns);
  return work.part();
}

function panelWork(
  { model, label: name, cutoffs, knownBy }: RangeJob & { of: 'panel' },
  program: Program,
  most: number,
): RangeWork {
  const asked = anyModelNamed(model);
  const { view } = asked;
  // A program may have declared another label of a model of classes.
  const label = (isClassModel(asked) && asked.labels.find((each) => each.name === name)) || asked.label;
  const rows = new PanelRows({ view, label, cutoffs, knownBy }, program, most);
  return { take: (columns) => rows.take(columns), part: () => rows.taken() };
}

function featureWork({ view, cutoffs }: RangeJob & { of: 'features' }, program: Program, most: number): RangeWork {
  const rows = new FeatureRows(viewNamed(view), most);
  // One for all ranges: another one, which does the same, would be compiled again.
  const add = (history: History) => rows.add(history);
  return {
    take: (columns) => visitHistories(columns, program, cutoffs, add),
    part: () => ({ table: rows.taken(), outcomes: [], waits: [], amounts: [] }),
  };
}
