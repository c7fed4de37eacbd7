import { cutoffsBetween, DAY, type Instant, startOfDay } from '../features/index.ts';
import { maturityDays, type Panel, PanelBuilder, type ScoringModel } from '../models/index.ts';
import type { ProgramFacts } from './facts.ts';

/** How long a program must have been tracked before its partners can be told to be at risk. */
const FIRST_DAYS = 90;

/** Reads the rows at risk of many cutoffs with their outcomes as known by several moments, range by range. */
export async function buildPanel(
  model: ScoringModel,
  { facts, program }: ProgramFacts,
  cutoffs: readonly Instant[],
  knownBy: readonly Instant[],
): Promise<Panel> {
  const ascending = [...new Set(cutoffs)].sort((a, b) => a - b);
  const builder = new PanelBuilder(model.view, model.label, program, ascending, knownBy);
  for await (const columns of facts.ranges(Math.max(...knownBy, ...ascending))) builder.add(columns);
  return builder.build();
}

/** The months a model can learn from until a moment: from when the program can be told about, to what has matured. */
export function trainingCutoffs(model: ScoringModel, { program }: ProgramFacts, until: Instant): Instant[] {
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
