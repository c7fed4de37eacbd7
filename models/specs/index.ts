import type { ScoringModel } from '../scoring-model.ts';
import { activation } from './activation.ts';
import { churnRisk } from './churn-risk.ts';
import { newPartnerPotential } from './new-partner-potential.ts';

/** Every published score. */
export const scoringModels: readonly ScoringModel[] = [churnRisk, activation, newPartnerPotential];

/** @throws RangeError naming the models there are */
export function scoringModelNamed(name: string): ScoringModel {
  const model = scoringModels.find((candidate) => candidate.name === name);
  if (!model) throw new RangeError(`no model "${name}"; there are: ${scoringModels.map((m) => m.name).join(', ')}`);
  return model;
}
