import { z } from 'zod';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import type { Ensemble } from '../foretell.ts';
import { explanationOf, meanExplanation, meanInLogOdds } from '../mean-in-log-odds.ts';
import { boosting } from './boosting/boosting.ts';
import { logistic } from './logistic.ts';
import { requireLearnable } from './require.ts';

const NAME = 'average';
/** Those that tell why, and err differently: a line and trees. */
const MEMBERS: readonly Estimator[] = [logistic, boosting];

/**
 * The mean of logistic regression and boosting in log-odds. Its contributions are the means of theirs.
 * Source: Bates & Granger 1969, The combination of forecasts; in log-odds as Satopää et al. 2014.
 */
export const average: Estimator & Ensemble<Model> = {
  name: NAME,
  members: MEMBERS.map(({ name }) => name),
  combine: model,
  mean: meanInLogOdds,
  async fit(set, random, threads) {
    requireLearnable(set, NAME);
    const models: Model[] = [];
    for (const member of MEMBERS) models.push(await member.fit(set, random, threads));
    return model(models);
  },
};

const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  members: z.array(z.looseObject({ estimator: z.string() })).length(MEMBERS.length),
});

/**
 * @param saved what `save` gave
 * @param load brings a member back
 */
export function loadAverage(saved: SavedModel, load: (saved: SavedModel) => Model): Model {
  return model(savedForm.parse(saved).members.map(load));
}

function model(members: readonly Model[]): Model {
  return {
    estimator: NAME,
    predict: (table) => meanInLogOdds(members.map((member) => member.predict(table))),
    explain(table, rows) {
      return meanExplanation(members.map((member) => explanationOf(member, table, rows)));
    },
    async refit(set, threads) {
      const refits: Model[] = [];
      for (const member of members) refits.push(await member.refit(set, threads));
      return model(refits);
    },
    save: () => ({ estimator: NAME, members: members.map((member) => member.save()) }),
  };
}
