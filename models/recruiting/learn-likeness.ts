import { type FeatureTable, selectRows } from '../../features/index.ts';
import { breathe } from '../breathe.ts';
import { type Estimator, logit, type Model } from '../estimator.ts';
import { isEnsemble } from '../foretell.ts';
import { metricNamed, rank } from '../metrics.ts';
import { seeded, seedFor } from '../random.ts';
import { type JudgedRanking, judgeRankings } from './judge.ts';
import { others, partsOf, pickRows, withFeatures, withoutTime } from './like-rows.ts';
import { rivals } from './rivals.ts';
import { featuresThatTell } from './screen-features.ts';
import { judgeLikeness, type Verdict } from './verdict.ts';

/** How well it can be told which rows are like the positives, each row judged by what was learnt without it. */
export interface Judgement extends Verdict {
  /** The contender that ranks from then on: the one of highest average precision, or the average. */
  champion: string;
  rows: number;
  positives: number;
  /** How many are at the top of a list, for lift and recall. */
  k: number;
  /** Beside the best of them. */
  contenders: JudgedRanking[];
  /** Beside the champion. */
  rivals: JudgedRanking[];
}

/** The champion, and what was said of each row by what was learnt without it: log-odds. */
export interface Likeness {
  champion: Estimator;
  model: Model;
  /** The columns that it looks at. */
  features: string[];
  judgement: Judgement;
  said: Float64Array;
}

export interface LikenessSettings {
  contenders: readonly Estimator[];
  seed: number;
  threads?: number;
  /** A tenth of the rows where it is left out. */
  k?: number;
}

/** Parts that are foretold in turn; of many rows two thirds teach as much as four fifths. */
const PARTS = { few: 5, many: 3 };
const MANY_ROWS = 20_000;

/**
 * Lets contenders learn to tell positive rows from the rest, and judges them beside rivals that need no model. Rows are
 * foretold in parts by what was learnt from the other parts, rows of one company together, features screened anew each
 * time. Champion is the contender with the highest average precision, or the average of others unless that is clearly
 * behind (by the 95 % interval of the difference): it errs less from one draw to the next, and who is best by a hair of
 * few positives is chance (in the manner of Breiman et al. 1984, §3.4.3).
 * @param outcomes 1 for positive, 0 for the rest, at least five of either
 * @throws RangeError from an estimator when there is nothing to learn from
 */
export async function learnLikeness(
  table: FeatureTable,
  outcomes: Uint8Array,
  { contenders, seed, threads = 1, k = Math.ceil(outcomes.length / 10) }: LikenessSettings,
): Promise<Likeness> {
  const chance = (part: string) => seeded(seedFor(seed, part));
  const parts = partsOf(table, outcomes, partsFor(outcomes.length), chance('parts')).map((rows) => {
    const rest = pickRows(table, outcomes, others(table, rows));
    return { rows, rest: { ...rest, table: withFeatures(rest.table, featuresThatTell(rest.table, rest.outcomes)) } };
  });
  const said = new Map<string, Float64Array>();
  for (const estimator of contenders) {
    said.set(estimator.name, await foretell(estimator, table, outcomes, { parts, chance, threads, said }));
  }
  const unlearnt = rivals.map(({ name, learn }) => {
    const scores = new Float64Array(outcomes.length);
    for (const { rows } of parts) {
      // Rivals see everything, as whoever has no model would.
      const rest = pickRows(table, outcomes, others(table, rows));
      place(learn(rest.table, rest.outcomes, chance(name))(selectRows(table, rows)), rows, scores);
    }
    return [name, scores] as const;
  });
  const judge = (rankings: ReadonlyMap<string, Float64Array>, best: string) =>
    judgeRankings(rankings, { ...table, outcomes }, { best, k, random: chance('judge') });
  const judged = judge(said, bestOf(said, outcomes));
  const champion = championAmong(contenders, judged);
  const own = said.get(champion.name) as Float64Array;
  // What a verdict says of rivals it says beside the champion, which need not be the best by a hair.
  const [, ...rivalsJudged] = judge(new Map([[champion.name, own], ...unlearnt]), champion.name);
  const counts = { rows: outcomes.length, positives: outcomes.reduce((sum, outcome) => sum + outcome, 0), k };
  const among = { contenders: judged, rivals: rivalsJudged };
  const features = featuresThatTell(table, outcomes);
  const set = withoutTime(withFeatures(table, features), outcomes, chance('days'));
  return {
    champion,
    model: await champion.fit(set, chance(champion.name), threads),
    features,
    judgement: { ...judgeLikeness(among, champion.name, counts), champion: champion.name, ...counts, ...among },
    said: own,
  };
}

/** How many parts a table of so many rows is foretold in. */
export function partsFor(rows: number): number {
  return rows > MANY_ROWS ? PARTS.many : PARTS.few;
}

/** The ranking with the highest average precision. */
function bestOf(said: ReadonlyMap<string, Float64Array>, outcomes: Uint8Array): string {
  const once = new Float64Array(outcomes.length).fill(1);
  const precisions = Array.from(said, ([name, scores]) => ({
    name,
    precision: metricNamed('average_precision').compute(rank(scores, outcomes), once),
  }));
  return precisions.reduce((a, b) => (b.precision > a.precision ? b : a)).name;
}

function championAmong(contenders: readonly Estimator[], judged: readonly JudgedRanking[]): Estimator {
  const behind = ({ name }: Estimator) => (judged.find((each) => each.name === name) as JudgedRanking).behind;
  const best = contenders.reduce((a, b) => (behind(b).value < behind(a).value ? b : a));
  const steady = contenders.find(isEnsemble);
  if (!steady) return best;
  return behind(steady).low > 0 ? best : steady;
}

/** The places of some rows, and what is learnt from to foretell them. */
interface Part {
  rows: readonly number[];
  rest: { table: FeatureTable; outcomes: Uint8Array };
}

interface Foretelling {
  parts: readonly Part[];
  chance(part: string): () => number;
  threads: number;
  /** What others have said, by name. */
  said: ReadonlyMap<string, Float64Array>;
}

/** What an estimator says of each part by what it learnt from the others, in log-odds. */
async function foretell(
  estimator: Estimator,
  table: FeatureTable,
  outcomes: Uint8Array,
  { parts, chance, threads, said }: Foretelling,
): Promise<Float64Array> {
  const scores = new Float64Array(outcomes.length);
  // What an ensemble would say follows from what its members have said.
  if (isEnsemble(estimator) && estimator.members.every((name) => said.has(name))) {
    for (const name of estimator.members) {
      said.get(name)?.forEach((each, row) => {
        scores[row] += each / estimator.members.length;
      });
    }
    return scores;
  }
  for (const [i, { rows, rest }] of parts.entries()) {
    const set = withoutTime(rest.table, rest.outcomes, chance(`days of part ${i}`));
    const { predict } = await estimator.fit(set, chance(estimator.name), threads);
    place(predict(selectRows(table, rows)).map(logit), rows, scores);
    await breathe();
  }
  return scores;
}

function place(values: Float64Array, rows: readonly number[], into: Float64Array): void {
  rows.forEach((row, i) => {
    into[row] = values[i];
  });
}
