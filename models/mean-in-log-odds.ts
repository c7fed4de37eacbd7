import { type Explanations, logit, type Model } from './estimator.ts';
import { sigmoid } from './newton.ts';

/** What several models say of each row, averaged in log-odds. @param said by each model, one probability per row */
export function meanInLogOdds(said: readonly Float64Array[]): Float64Array {
  return said[0].map((_, row) => sigmoid(mean(said.map((probabilities) => logit(probabilities[row])))));
}

/** The reasons of a model. @throws RangeError when it gives none */
export function explanationOf(member: Model, ...asked: Parameters<Required<Model>['explain']>): Explanations {
  if (!member.explain) throw new RangeError(`${member.estimator} cannot tell why, so no average with it can`);
  return member.explain(...asked);
}

/** Reasons of several models averaged, feature by feature: with the intercept they add up to their mean in log-odds. */
export function meanExplanation(all: readonly Explanations[]): Explanations {
  const features = [...new Set(all.flatMap((each) => each.features))];
  const contributions = all[0].contributions.map(() => new Float64Array(features.length));
  for (const each of all) {
    const places = each.features.map((feature) => features.indexOf(feature));
    each.contributions.forEach((row, i) => {
      row.forEach((logOdds, f) => {
        contributions[i][places[f]] += logOdds / all.length;
      });
    });
  }
  return { intercept: mean(all.map(({ intercept }) => intercept)), features, contributions };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
