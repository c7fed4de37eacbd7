import { type FeatureTable, selectRows } from '../../features/index.ts';
import { breathe } from '../breathe.ts';
import { logit } from '../estimator.ts';
import { seeded, seedFor } from '../random.ts';
import { contenders } from './contenders.ts';
import { type Judgement, type Likeness, learnLikeness, partsFor } from './learn-likeness.ts';
import { others, pickRows, shuffled, withFeatures, withoutTime } from './like-rows.ts';
import { hasEnough, tooFew } from './propensity.ts';

/** How much like the labelled rows every row of a table is. */
export interface RankedRows {
  /** Per row the share of the rows that are less like the labelled ones, ties half: 0 to 1, no probability. */
  fit: Float64Array;
  judgement: Judgement;
}

export interface RankSettings {
  seed: number;
  threads?: number;
}

/**
 * Ranks the rows of a plain table by how much they are like those labelled. Every row is told of by what was learnt
 * without it, so that a row that is like the labelled ones but is not labelled does not speak against itself; of rows
 * not labelled by what was learnt from all that are.
 * @param labels 1 for labelled, 0 for the rest
 * @throws RangeError when there are fewer than ten of either
 */
export async function rankRows(table: FeatureTable, labels: Uint8Array, settings: RankSettings): Promise<RankedRows> {
  if (!hasEnough(labels)) throw new RangeError(`there are ${tooFew(labels, 'labelled rows', 'others')}`);
  const likeness = await learnLikeness(table, labels, { contenders, ...settings });
  return { fit: sharesBelow(await sayOfOthers(likeness, table, labels, settings)), judgement: likeness.judgement };
}

/** What the champion says of labelled rows by parts of them, and of parts of the others by all labelled ones. */
async function sayOfOthers(
  { champion, features, said }: Likeness,
  table: FeatureTable,
  labels: Uint8Array,
  { seed, threads = 1 }: RankSettings,
): Promise<Float64Array> {
  const scores = Float64Array.from(said);
  const telling = withFeatures(table, features);
  const chance = (part: string) => seeded(seedFor(seed, part));
  const unlabelled = shuffled(
    [...labels.keys()].filter((row) => labels[row] === 0),
    chance('others'),
  );
  const parts = partsFor(labels.length);
  for (let part = 0; part < parts; part++) {
    const rows = unlabelled.filter((_, i) => i % parts === part);
    const rest = pickRows(telling, labels, others(telling, rows));
    const set = withoutTime(rest.table, rest.outcomes, chance(`days of others ${part}`));
    const { predict } = await champion.fit(set, chance(champion.name), threads);
    predict(selectRows(telling, rows)).forEach((probability, i) => {
      scores[rows[i]] = logit(probability);
    });
    await breathe();
  }
  return scores;
}

/** Per value the share of the others that is below it, ties half; 0 to 1. */
function sharesBelow(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const shares = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) shares[order[i]] = (from + to - 1) / 2 / Math.max(1, order.length - 1);
    from = to;
  }
  return shares;
}
