import type { ClassScoringModel } from '../class-scoring-model.ts';
import type { ScoringModel } from '../scoring-model.ts';
import { activation } from './activation.ts';
import { churnRisk } from './churn-risk.ts';
import { newPartnerPotential } from './new-partner-potential.ts';
import { trajectory } from './trajectory.ts';

/** Every published score. */
export const scoringModels: readonly ScoringModel[] = [churnRisk, activation, newPartnerPotential];

/** @throws RangeError naming the models there are */
export function scoringModelNamed(name: string): ScoringModel {
  const model = scoringModels.find((candidate) => candidate.name === name);
  if (!model) throw new RangeError(`no model "${name}"; there are: ${scoringModels.map((m) => m.name).join(', ')}`);
  return model;
}

/** Every published score that is one of several classes. */
export const classScoringModels: readonly ClassScoringModel[] = [trajectory];

/** A published score of either sort. @throws RangeError naming the models there are */
export function anyModelNamed(name: string): ScoringModel | ClassScoringModel {
  const all = [...scoringModels, ...classScoringModels];
  const model = all.find((candidate) => candidate.name === name);
  if (!model) throw new RangeError(`no model "${name}"; there are: ${all.map((each) => each.name).join(', ')}`);
  return model;
}
