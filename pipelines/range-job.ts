import type { EventColumns, Instant, Program } from '../features/index.ts';
import type { PanelPart } from '../models/index.ts';

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
export type BeginWork = (most: number) => RangeWork;

/** How a job is begun; what only some jobs need is loaded for those. */
export async function beginningOf(job: RangeJob, program: Program): Promise<BeginWork> {
  if (job.of === 'features') {
    const { featureWork } = await import('./feature-work.ts');
    return (most) => featureWork(job, program, most);
  }
  const { panelWork } = await import('./panel-work.ts');
  return (most) => panelWork(job, program, most);
}

/** Does a job for one range: a pure function, the same on any thread. */
export function doRange(begin: BeginWork, { cutoffs }: RangeJob, columns: EventColumns): RangePart {
  const work = begin(columns.partners.length * cutoffs.length);
  work.take(columns);
  return work.part();
}
