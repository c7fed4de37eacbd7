import { z } from 'zod';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { explanationOf, meanExplanation, meanInLogOdds } from '../mean-in-log-odds.ts';
import { boosting } from './boosting/boosting.ts';
import { logistic } from './logistic.ts';
import { requireLearnable } from './require.ts';

const NAME = 'average';
/** Those that tell why, and err differently: a line and trees. */
const MEMBERS: readonly Estimator[] = [logistic, boosting];

/** An estimator that is made of others. */
export interface Ensemble extends Estimator {
  /** Names of its members, in order. */
  members: readonly string[];
  /** The same as fitting would give, from members that have been fitted to the same set with the same chance. */
  combine(models: readonly Model[]): Model;
  /** What it says where its members say these. */
  mean(probabilities: readonly Float64Array[]): Float64Array;
}

/** Whether an estimator is made of others. */
export function isEnsemble(estimator: Estimator): estimator is Ensemble {
  return 'members' in estimator;
}

/**
 * The mean of logistic regression and boosting in log-odds. Its contributions are the means of theirs.
 * Source: Bates & Granger 1969, The combination of forecasts; in log-odds as Satopää et al. 2014.
 */
export const average: Ensemble = {
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
