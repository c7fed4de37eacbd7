import { DAY, type FeatureTable, formatDay, type Instant, rowsWhere, selectRows } from '../features/index.ts';
import {
  maturityDays,
  outcomesOn,
  type Replay,
  type ReplayedModel,
  replayTraining,
  type ScoringModel,
  settledRows,
} from '../models/index.ts';
import { problem } from '../store/index.ts';
import type { Context } from './context.ts';
import { type ProgramFacts, programFacts } from './facts.ts';
import { buildFeatures } from './features.ts';
import { buildPanel, trainingCutoffs } from './panel.ts';
import { requireSupply } from './train.ts';

/** The list of a past day with what happened, and what it was learnt from. */
export interface ReplayRun {
  model: string;
  learnt: ReplayedModel;
  replay: Replay;
  /** Up to when what happened is known. */
  knownUntil: Instant;
}

/**
 * Makes the list that would have been seen on a past day: learnt, as training on that day would have, from what was on
 * record then, of features as they were known then. What happened afterwards is read as it is known today.
 * @throws a problem `USAGE` when the facts do not reach the day, `NOT_ENOUGH_DATA` when there was too little to learn from
 */
export async function runReplay(context: Context, model: ScoringModel, asOf: Instant): Promise<ReplayRun> {
  const source = await context.step('read the facts', () => programFacts(context));
  const { latestAsOf } = source;
  if (asOf > latestAsOf) {
    throw problem('USAGE', `The facts reach to ${formatDay(latestAsOf)}; choose that day or one before it.`);
  }
  const panel = await context.step('build features and outcomes', () =>
    buildPanel(model, source, [...trainingCutoffs(model, source, asOf), asOf], [asOf, latestAsOf]),
  );
  // The day's own outcomes are open on the day, so that none of its rows is settled.
  const train = settledRows(panel, asOf, () => true);
  const rulesOnly = requireSupply(context, model, train, asOf) === 'rule';
  const { seed, threads, team_capacity: capacity } = context.settings;
  const day = {
    asOf,
    table: await scoredRows(model, source, asOf),
    outcomes: outcomesOn(panel, latestAsOf, asOf),
    isComplete: asOf + maturityDays(model.label) * DAY <= latestAsOf,
  };
  const replayed = await context.step(
    `learn until ${formatDay(asOf)} from ${train.outcomes.length} partner-months`,
    () => replayTraining(model, train, day, { seed, threads, rulesOnly, capacity }),
  );
  return { model: model.name, ...replayed, knownUntil: latestAsOf };
}

/** Everyone at risk on a day, measured as scoring measures them: among all partners that were known then. */
async function scoredRows(model: ScoringModel, source: ProgramFacts, asOf: Instant): Promise<FeatureTable> {
  const table = await buildFeatures(model.view, source, [asOf]);
  return selectRows(
    table,
    rowsWhere(table, (row) => table.atRisk[row] === 1),
  );
}
