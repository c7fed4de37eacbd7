import { z } from 'zod';
import { centred, probabilitiesOf } from '../class-shares.ts';
import type { ClassEstimator, ClassExplanations, ClassModel } from '../classes.ts';
import type { SavedModel } from '../estimator.ts';
import type { Ensemble } from '../foretell.ts';
import { classBoosting } from './boosting/class-boosting.ts';
import { multinomialLogistic } from './multinomial-logistic.ts';
import { requireEveryClass } from './require.ts';

const NAME = 'class-average';
/** Those that tell why, and err differently: lines and trees. */
const MEMBERS: readonly ClassEstimator[] = [multinomialLogistic, classBoosting];

/**
 * The mean of multinomial regression and boosting in the logarithms of the probabilities, made to add up to 1 again: the
 * log-odds of any two classes are the means of theirs, and so are the contributions.
 * Source: Genest & Zidek 1986, Combining probability distributions: a critique and an annotated bibliography
 * (the logarithmic opinion pool).
 */
export const classAverage: ClassEstimator & Ensemble<ClassModel> = {
  name: NAME,
  members: MEMBERS.map(({ name }) => name),
  combine: model,
  mean: meanInLogs,
  async fit(set, random, threads) {
    requireEveryClass(set, NAME);
    const models: ClassModel[] = [];
    for (const member of MEMBERS) models.push(await member.fit(set, random, threads));
    return model(models);
  },
};

const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  classes: z.array(z.string()).min(2).max(255),
  members: z.array(z.looseObject({ estimator: z.string() })).length(MEMBERS.length),
});

/**
 * @param saved what `save` gave
 * @param load brings a member back
 * @throws RangeError where the members tell other classes apart
 */
export function loadClassAverage(saved: SavedModel, load: (saved: SavedModel) => ClassModel): ClassModel {
  const { classes, members } = savedForm.parse(saved);
  const loaded = members.map(load);
  const other = loaded.find((each) => each.classes.join() !== classes.join());
  if (other) throw new RangeError(`an average of ${classes.join(', ')} has a member of ${other.classes.join(', ')}`);
  return model(loaded);
}

function model(members: readonly ClassModel[]): ClassModel {
  const [{ classes }] = members;
  return {
    estimator: NAME,
    classes,
    predict: (table) => meanInLogs(members.map((member) => member.predict(table))),
    explain: (table, rows) => meanExplanation(members.map((member) => explanationOf(member, table, rows))),
    async refit(set) {
      return model(await Promise.all(members.map((member) => member.refit(set))));
    },
    save: () => ({ estimator: NAME, classes, members: members.map((member) => member.save()) }),
  };
}

function meanInLogs(said: readonly (readonly Float64Array[])[]): Float64Array[] {
  const logs = said[0].map((ofClass, k) =>
    ofClass.map((_, row) => said.reduce((sum, each) => sum + Math.log(each[k][row]), 0) / said.length),
  );
  return probabilitiesOf(logs);
}

function explanationOf(member: ClassModel, ...asked: Parameters<Required<ClassModel>['explain']>): ClassExplanations {
  if (!member.explain) throw new RangeError(`${member.estimator} cannot tell why, so no average with it can`);
  return member.explain(...asked);
}

function meanExplanation(all: readonly ClassExplanations[]): ClassExplanations {
  const features = [...new Set(all.flatMap((each) => each.features))];
  const places = all.map((each) => each.features.map((feature) => features.indexOf(feature)));
  const contributions = all[0].contributions.map((ofClasses, i) =>
    ofClasses.map((_, k) => {
      const sums = new Float64Array(features.length);
      all.forEach((each, m) => {
        each.contributions[i][k].forEach((score, f) => {
          sums[places[m][f]] += score / all.length;
        });
      });
      return sums;
    }),
  );
  const intercepts = all[0].intercepts.map((_, k) => all.reduce((sum, each) => sum + each.intercepts[k], 0));
  return { intercepts: centred(intercepts.map((sum) => sum / all.length)), features, contributions };
}
