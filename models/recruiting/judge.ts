import { drawPartners, interval, type Measured } from '../bootstrap.ts';
import { metricNamed, type Ranked, rank } from '../metrics.ts';
import type { Random } from '../random.ts';

/** How well a ranking finds the positives, each figure with its interval over companies. */
export interface RankingFigures {
  auc: Measured;
  average_precision: Measured;
  /** How many times the base rate the share of positives among the first `at` is. */
  lift_at_k: Measured;
  /** The share of all positives that is among them. */
  recall_at_k: Measured;
}

/** A ranking by name. */
export interface JudgedRanking extends RankingFigures {
  name: string;
  /** The average precision of the ranking it is compared with minus its own, on the same draws of companies. */
  behind: Measured;
}

export type RankingFigure = keyof RankingFigures;

/** About so many rows are looked at for an interval, so that a large table takes no longer. */
const ROWS_DRAWN = 4_000_000;
const DRAWS = { least: 100, most: 1000 };

/**
 * Judges rankings of the same rows on the same draws of companies.
 * @param scores by name, one number per row, higher is better
 * @param best the name of the ranking that others are compared with
 * @param k how many are at the top of a list
 */
export function judgeRankings(
  scores: ReadonlyMap<string, Float64Array>,
  { entities, outcomes }: { entities: readonly string[]; outcomes: Uint8Array },
  { best: reference, k, random }: { best: string; k: number; random: Random },
): JudgedRanking[] {
  const ranked = Array.from(scores, ([name, said]) => ({ name, order: rank(said, outcomes) }));
  const found = ranked.map(({ order }) => figuresOf(order, new Float64Array(outcomes.length).fill(1), k));
  const replicates = ranked.map(() => [] as Record<RankingFigure, number>[]);
  const draws = Math.max(DRAWS.least, Math.min(DRAWS.most, Math.round(ROWS_DRAWN / outcomes.length)));
  for (const weights of drawPartners(entities, random, draws)) {
    ranked.forEach(({ order }, i) => {
      replicates[i].push(figuresOf(order, weights, k));
    });
  }
  const best = ranked.findIndex(({ name }) => name === reference);
  return ranked.map(({ name }, i) => {
    const of = (figure: RankingFigure, place = i) => replicates[place].map((each) => each[figure]);
    const measured = (figure: RankingFigure) => interval(found[i][figure], of(figure));
    const [ours, theirs] = [of('average_precision', best), of('average_precision')];
    return {
      name,
      auc: measured('auc'),
      average_precision: measured('average_precision'),
      lift_at_k: measured('lift_at_k'),
      recall_at_k: measured('recall_at_k'),
      behind: interval(
        found[best].average_precision - found[i].average_precision,
        ours.map((figure, draw) => figure - theirs[draw]),
      ),
    };
  });
}

function figuresOf(ranked: Ranked, weights: Float64Array, k: number): Record<RankingFigure, number> {
  const { lift, recall } = atK(ranked, weights, k);
  return {
    auc: metricNamed('auc').compute(ranked, weights),
    average_precision: metricNamed('average_precision').compute(ranked, weights),
    lift_at_k: lift,
    recall_at_k: recall,
  };
}

/** The first k of a ranking; rows tied at the edge count in part, for their order is chance. */
function atK({ order, probabilities, outcomes }: Ranked, weights: Float64Array, k: number) {
  let [all, positive, room, hits] = [0, 0, k, 0];
  for (let row = 0; row < outcomes.length; row++) {
    all += weights[row];
    positive += weights[row] * outcomes[row];
  }
  for (let i = 0; i < order.length && room > 0; ) {
    const score = probabilities[order[i]];
    let [tied, tiedHits] = [0, 0];
    for (; i < order.length && probabilities[order[i]] === score; i++) {
      tied += weights[order[i]];
      tiedHits += weights[order[i]] * outcomes[order[i]];
    }
    const taken = tied > room ? room / tied : 1;
    hits += taken * tiedHits;
    room -= tied;
  }
  return { lift: hits / Math.min(k, all) / (positive / all), recall: hits / positive };
}
