import { z } from 'zod';
import { type Figure, interval, type Measured, replicate } from './bootstrap.ts';
import type { Champion, Contender } from './champion.ts';
import { hasBothClasses } from './folds.ts';
import { metricNamed, rank } from './metrics.ts';
import { orderBy } from './past-lists.ts';
import { seeded, seedFor } from './random.ts';
import { wilson } from './reliability.ts';
import { blankNotes, type RowNotes, TRAITS } from './row-notes.ts';
import { type FirstBy, QUIETEST } from './scoring-model.ts';
import { judgeSegments } from './segments.ts';
import { positives, selectFrom, type TrainingSet } from './training-set.ts';

const measured = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
const slice = z.strictObject({
  name: z.string(),
  rows: z.int(),
  partners: z.int(),
  baseRate: measured,
  predicted: z.number(),
  auc: measured.nullable(),
  logLoss: measured.nullable(),
});

const pastEvaluation = z.strictObject({
  /** The cutoffs that were foretold by rolling origin, first and last, and who was at risk on them. */
  from: z.number(),
  to: z.number(),
  rows: z.int(),
  partners: z.int(),
  happened: z.int(),
  /** The champion first, then the rules of thumb; figures by the name of their metric. */
  estimators: z.array(z.strictObject({ name: z.string(), figures: z.record(z.string(), measured) })),
  /** Of those to whom it happened, the share found by calling the first so many; and by the quietest-first rule. */
  gains: z.array(z.strictObject({ called: z.number(), found: measured, byRecency: z.number() })),
  segments: z.array(z.strictObject({ by: z.enum(TRAITS), segments: z.array(slice) })),
});

/** How good a version's champion was on the later half of its training time, beside the trivial rivals. */
export type PastEvaluation = z.infer<typeof pastEvaluation>;

/** The figures of a card, in the order in which they are told. */
export const PAST_METRICS = ['auc', 'average_precision', 'brier', 'log_loss', 'lift_at_10'];
const CALLED = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
/** A part is shown when it is at least this share of the rows, and at most so many of a trait. */
const LEAST_SHARE = 0.02;
const MOST_SEGMENTS = 8;

/**
 * Judges what a champion would have said of the later half of its training time, foretold by rolling origin, beside what
 * the rules of thumb would have; every figure with its 95 % interval over partners, all by the same draws.
 * @param rule whom a team would call first without any model
 * @param notes of the rows of the set; without them no segments are told apart
 * @returns null where there was too little past to foretell any of it, or it happened to none or to all of them
 */
export function evaluatePast(
  set: TrainingSet,
  champion: Champion,
  rules: readonly Contender[],
  seed: number,
  notes?: RowNotes,
  rule: FirstBy = QUIETEST,
): PastEvaluation | null {
  const { past } = champion;
  const test = selectFrom(set, past.rows);
  if (!hasBothClasses(test)) return null;
  const judged = [champion, ...rules.filter(({ name }) => name !== champion.name)];
  const chance = () => seeded(seedFor(seed, 'past evaluation'));
  const gainsOf = (values: ArrayLike<number>) => CALLED.map((share) => gainAt(values, test.outcomes, share));
  const figures = [
    ...judged.flatMap((each) => figuresOf(each.past.probabilities, test.outcomes)),
    ...gainsOf(past.probabilities),
  ];
  const found = replicate(test.table.entities, figures, chance()).map(({ value, replicates }) =>
    interval(value, replicates),
  );
  const byRecency = gainsOf(orderBy(test.table, rule));
  const everyone = new Uint8Array(test.outcomes.length).fill(1);
  return {
    from: test.table.cutoffs.reduce((a, b) => Math.min(a, b)),
    to: test.table.cutoffs.reduce((a, b) => Math.max(a, b)),
    rows: test.outcomes.length,
    partners: new Set(test.table.entities).size,
    happened: positives(test),
    estimators: judged.map(({ name }, i) => ({
      name,
      figures: Object.fromEntries(PAST_METRICS.map((metric, j) => [metric, found[i * PAST_METRICS.length + j]])),
    })),
    gains: CALLED.map((called, i) => ({
      called,
      found: found[judged.length * PAST_METRICS.length + i],
      byRecency: byRecency[i](everyone),
    })),
    segments: notes ? segmentsOf(test, pickNotes(notes, past.rows), past.probabilities, chance) : [],
  };
}

function figuresOf(probabilities: Float64Array, outcomes: Uint8Array): Figure[] {
  const ranked = rank(probabilities, outcomes);
  return PAST_METRICS.map((name): Figure => {
    const { compute } = metricNamed(name);
    return (weights) => compute(ranked, weights);
  });
}

/** The share of those to whom it happened that is among the first rows, the highest values first; rows at the edge count in part. */
function gainAt(values: ArrayLike<number>, outcomes: Uint8Array, called: number): Figure {
  const order = Uint32Array.from({ length: values.length }, (_, row) => row);
  order.sort((a, b) => values[b] - values[a] || a - b);
  return (weights) => {
    let [total, positive] = [0, 0];
    for (const row of order) {
      total += weights[row];
      positive += weights[row] * outcomes[row];
    }
    let [room, hits] = [called * total, 0];
    for (const row of order) {
      const taken = Math.min(weights[row], room);
      hits += taken * outcomes[row];
      room -= taken;
      if (room <= 0) break;
    }
    return hits / positive;
  };
}

function segmentsOf(
  test: TrainingSet,
  notes: RowNotes,
  probabilities: Float64Array,
  chance: () => ReturnType<typeof seeded>,
): PastEvaluation['segments'] {
  return judgeSegments(test, notes, probabilities, chance).map(({ by, segments }) => ({
    by,
    segments: segments
      .filter(({ rows }) => rows >= LEAST_SHARE * test.outcomes.length)
      .slice(0, MOST_SEGMENTS)
      .map((each) => ({
        ...each,
        baseRate: withoutDraws(each.baseRate, each.partners),
      })),
  }));
}

function pickNotes({ traits }: RowNotes, rows: readonly number[]): RowNotes {
  const picked = blankNotes(rows.length);
  for (const trait of TRAITS) {
    rows.forEach((row, i) => {
      picked.traits[trait][i] = traits[trait][row];
    });
  }
  return picked;
}

/** Where it happened to none or to all, draws of partners say nothing of how sure that is; the number of partners does. */
function withoutDraws(baseRate: Measured, partners: number): Measured {
  const { value } = baseRate;
  return value === 0 || value === 1 ? { value, ...wilson(value * partners, partners) } : baseRate;
}

/** The evaluation that a stored card holds; null where it is older than evaluations, or says something else. */
export function evaluationOfCard(card: { evaluation?: unknown }): PastEvaluation | null {
  return pastEvaluation.safeParse(card.evaluation).data ?? null;
}
