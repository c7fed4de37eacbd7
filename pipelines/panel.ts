import { cutoffsBetween, DAY, type FeatureView, type Instant, startOfDay } from '../features/index.ts';
import { completePanel, maturityDays, type Panel, type PanelLabel } from '../models/index.ts';
import type { ProgramFacts } from './facts.ts';
import { eachRange, inTurn } from './features.ts';
import type { RangePart } from './range-job.ts';

/** How long a program must have been tracked before its partners can be told to be at risk. */
const FIRST_DAYS = 90;

/** The part of a scoring model, of either sort, that a panel is made by. */
interface Asked<Kind extends PanelLabel> {
  name: string;
  view: FeatureView;
  label: Kind & { name: string };
}

/** Reads the rows at risk of many cutoffs with their outcomes as known by several moments, range by range. */
export async function buildPanel<Kind extends PanelLabel>(
  model: Asked<Kind>,
  source: ProgramFacts,
  cutoffs: readonly Instant[],
  knownBy: readonly Instant[],
): Promise<Panel<Kind>> {
  const plan = { cutoffs: inTurn(cutoffs), knownBy: inTurn(knownBy) };
  const until = Math.max(...plan.knownBy, ...plan.cutoffs);
  const parts: RangePart[] = [];
  for await (const part of eachRange(
    { of: 'panel', model: model.name, label: model.label.name, ...plan },
    source,
    until,
  ))
    parts.push(part);
  return completePanel({ view: model.view, label: model.label, ...plan }, parts);
}

/** The months a model can learn from until a moment: from when the program can be told about, to what has matured. */
export function trainingCutoffs(model: Asked<PanelLabel>, { program }: ProgramFacts, until: Instant): Instant[] {
  const starts = program.tracking
    .filter(({ kind, knownBy }) => program.qualifyingKinds.has(kind) && knownBy < until)
    .map(({ since }) => since);
  if (starts.length === 0) return [];
  const first = firstOfMonth(startOfDay(Math.min(...starts)) + FIRST_DAYS * DAY);
  return cutoffsBetween(first, until - maturityDays(model.label) * DAY, 'month');
}

/** The first day of a month that is not before an instant. */
function firstOfMonth(instant: Instant): Instant {
  const date = new Date(instant);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return start >= instant ? start : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
