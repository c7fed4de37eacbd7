import { z } from 'zod';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { requireLearnable } from '../estimators/require.ts';
import { explanationOf, meanExplanation, meanInLogOdds } from '../mean-in-log-odds.ts';
import { type Random, seeded } from '../random.ts';
import { selectFrom } from '../training-set.ts';

/** How many small sets are learnt from. */
const BAGS = 30;
const PREFIX = 'bagged-';

/**
 * Bagging of another estimator for positive and unlabelled rows: each member learns to tell all positives from as many
 * unlabelled rows, drawn with replacement, and what members say is averaged in log-odds, so that reasons still add up.
 * Positives that hide among the unlabelled are in few bags, which is what makes them do little harm. What it says ranks
 * rows; with the classes balanced it is no probability of being positive.
 * Source: Mordelet & Vert 2014, A bagging SVM to learn from positive and unlabeled examples.
 */
export function bagged(member: Estimator, bags = BAGS): Estimator {
  const name = `${PREFIX}${member.name}`;
  return {
    name,
    async fit(set, random, threads = 1) {
      requireLearnable(set, name);
      const seed = Math.floor(random() * 2 ** 31);
      const members: Model[] = [];
      for (const rows of drawBags(set.outcomes, bags, seeded(seed))) {
        members.push(await member.fit(selectFrom(set, rows), random, threads));
      }
      return model(name, seed, members);
    },
  };
}

/** Per bag all positives and as many unlabelled rows, in the order of the set, which is that of its cutoffs. */
function* drawBags(outcomes: Uint8Array, bags: number, random: Random): Generator<number[]> {
  const rows = [...outcomes.keys()];
  const positives = rows.filter((row) => outcomes[row] === 1);
  const unlabelled = rows.filter((row) => outcomes[row] === 0);
  for (let bag = 0; bag < bags; bag++) {
    const drawn = positives.map(() => unlabelled[Math.floor(random() * unlabelled.length)]);
    yield [...positives, ...drawn].sort((a, b) => a - b);
  }
}

function model(name: string, seed: number, members: readonly Model[]): Model {
  return {
    estimator: name,
    predict: (table) => meanInLogOdds(members.map((member) => member.predict(table))),
    explain: (table, rows) => meanExplanation(members.map((member) => explanationOf(member, table, rows))),
    async refit(set) {
      const again: Model[] = [];
      for (const rows of drawBags(set.outcomes, members.length, seeded(seed))) {
        again.push(await members[again.length].refit(selectFrom(set, rows)));
      }
      return model(name, seed, again);
    },
    save: () => ({ estimator: name, seed, members: members.map((member) => member.save()) }),
  };
}

const savedForm = z.strictObject({
  estimator: z.string(),
  seed: z.int(),
  members: z
    .array(z.looseObject({ estimator: z.string() }))
    .min(1)
    .max(1000),
});

/**
 * @param saved what `save` gave
 * @param load brings a member back
 */
export function loadBagged(saved: SavedModel, load: (saved: SavedModel) => Model): Model {
  const { estimator, seed, members } = savedForm.parse(saved);
  return model(estimator, seed, members.map(load));
}
