import type { FeatureView } from '../feature.ts';
import { activationView } from './activation.ts';
import { churnRiskView } from './churn-risk.ts';
import { newPartnerPotentialView } from './new-partner-potential.ts';
import { trajectoryView } from './trajectory.ts';

/** All views, the first being the default. */
export const views: readonly FeatureView[] = [churnRiskView, trajectoryView, activationView, newPartnerPotentialView];

/** @throws RangeError naming the views there are */
export function viewNamed(name: string): FeatureView {
  const view = views.find((candidate) => candidate.name === name);
  if (!view) throw new RangeError(`no view "${name}"; there are: ${views.map((each) => each.name).join(', ')}`);
  return view;
}
