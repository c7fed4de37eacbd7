import { DAY, type FeatureTable, type FeatureView, type Instant, joinTables } from '../features/index.ts';
import {
  type FeatureQuality,
  type InputQuality,
  MOST_ROWS,
  maturityDays,
  qualityOf,
  sampleAtRisk,
  scoringModels,
  settledRows,
  summaryOf,
  type TrainingSet,
} from '../models/index.ts';
import type { ProgramFacts } from './facts.ts';
import { buildPanel } from './panel.ts';

/** What is to be known of a view's features on some days, of the partners at risk. */
export interface QualityReport {
  summary: InputQuality;
  features: FeatureQuality[];
  /** The model whose outcomes the features were held against, and how many rows had one. */
  outcomes: { model: string; rows: number } | null;
}

/** Collects what a report needs of tables that pass by: a bounded sample of the rows at risk of every cutoff. */
export class QualitySample {
  readonly #tables: FeatureTable[] = [];
  readonly #perCutoff: number;

  constructor(cutoffs: readonly Instant[]) {
    this.#perCutoff = Math.ceil(MOST_ROWS / Math.max(1, new Set(cutoffs).size));
  }

  add(table: FeatureTable): void {
    this.#tables.push(sampleAtRisk(table, this.#perCutoff));
  }

  /** @param settled rows whose outcome is known, when features are to be held against it */
  async report(settled: SettledOutcomes | null): Promise<QualityReport> {
    const features = await qualityOf(joinTables(this.#tables), { settled: settled?.set });
    const outcomes = settled && { model: settled.model, rows: settled.set.outcomes.length };
    return { summary: summaryOf(features), features, outcomes };
  }
}

/** Rows of a view with the outcomes of the model that sees it. */
export interface SettledOutcomes {
  model: string;
  set: TrainingSet;
}

/** The outcomes of those cutoffs that have matured; null when no model sees the view, or none has matured yet. */
export async function settledOutcomes(
  view: FeatureView,
  source: ProgramFacts,
  cutoffs: readonly Instant[],
): Promise<SettledOutcomes | null> {
  const model = scoringModels.find((each) => each.view === view);
  if (!model) return null;
  const matured = cutoffs.filter((cutoff) => cutoff + maturityDays(model.label) * DAY <= source.latestAsOf);
  if (matured.length === 0) return null;
  const panel = await buildPanel(model, source, matured, [source.latestAsOf]);
  return { model: model.name, set: settledRows(panel, source.latestAsOf, () => true) };
}
