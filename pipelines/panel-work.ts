import type { Program } from '../features/index.ts';
import { anyModelNamed, isClassModel, PanelRows } from '../models/index.ts';
import type { RangeJob, RangeWork } from './range-job.ts';

/** Features of the histories at risk, with what a model's label makes of them. */
export function panelWork(
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
