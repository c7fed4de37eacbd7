import type { ScoringModel } from '../scoring-model.ts';
import { churnRisk } from './churn-risk.ts';

/** Every published score. */
export const scoringModels: readonly ScoringModel[] = [churnRisk];

/** @throws RangeError naming the models there are */
export function scoringModelNamed(name: string): ScoringModel {
  const model = scoringModels.find((candidate) => candidate.name === name);
  if (!model) throw new RangeError(`no model "${name}"; there are: ${scoringModels.map((m) => m.name).join(', ')}`);
  return model;
}
