import {
  type EventColumns,
  FeatureRows,
  type FeatureTable,
  type Instant,
  type Program,
  viewNamed,
  visitHistories,
} from '../features/index.ts';
import { type PanelPart, panelPart, scoringModelNamed } from '../models/index.ts';

/** What is to be made of each range of partners, in words that can be sent to another thread; cutoffs ascend. */
export type RangeJob =
  | { of: 'features'; view: string; cutoffs: readonly Instant[] }
  | { of: 'panel'; model: string; cutoffs: readonly Instant[]; knownBy: readonly Instant[] };

/** What a range of partners comes to: its rows in the order they came, with outcomes for a panel. */
export type RangePart = PanelPart;

/** Makes of a range what a job says: a pure function, the same on any thread. */
export function doRange(job: RangeJob, columns: EventColumns, program: Program): RangePart {
  if (job.of === 'panel') {
    const { view, label } = scoringModelNamed(job.model);
    return panelPart({ view, label, cutoffs: job.cutoffs, knownBy: job.knownBy }, columns, program);
  }
  return { table: featuresOf(job.view, job.cutoffs, columns, program), outcomes: [], waits: [] };
}

function featuresOf(view: string, cutoffs: readonly Instant[], columns: EventColumns, program: Program): FeatureTable {
  const rows = new FeatureRows(viewNamed(view), columns.partners.length * cutoffs.length);
  visitHistories(columns, program, cutoffs, (history) => rows.add(history));
  return rows.taken();
}
