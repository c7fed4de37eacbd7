import { z } from 'zod';
import { selectRows } from '../features/index.ts';
import { interval, replicate } from './bootstrap.ts';
import type { ClassChampion, ClassContender } from './class-champion.ts';
import { classMetrics } from './class-metrics.ts';
import type { ClassSet } from './classes.ts';
import { seeded, seedFor } from './random.ts';
import { reliability } from './reliability.ts';

const measured = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
const bin = z.strictObject({
  rows: z.int(),
  predicted: z.number(),
  observed: z.number(),
  low: z.number(),
  high: z.number(),
});

const classEvaluation = z.strictObject({
  /** The cutoffs that were foretold by rolling origin, first and last, and who was at risk on them. */
  from: z.number(),
  to: z.number(),
  rows: z.int(),
  partners: z.int(),
  /** The champion first, then the rules of thumb; figures by the name of their metric, 95 % over partners. */
  estimators: z.array(z.strictObject({ name: z.string(), figures: z.record(z.string(), measured) })),
  /** Per class how often it was said to come on average, how often it came, and the same of rows said about alike. */
  calibration: z.array(z.strictObject({ class: z.string(), said: z.number(), came: measured, bins: z.array(bin) })),
});

/** How good a version of classes was on the later half of its training time, beside the trivial rivals. */
export type ClassEvaluation = z.infer<typeof classEvaluation>;

/** The figures of a card of classes, in the order in which they are told. */
export const CLASS_METRICS: readonly string[] = classMetrics.map(({ name }) => name);

/**
 * Judges what a champion would have said of the later half of its training time, as `evaluatePast` one of two outcomes:
 * every figure with its 95 % interval over partners, all by the same draws.
 * @returns null where there was too little past to foretell any of it
 */
export function evaluateClassPast(
  set: ClassSet,
  champion: ClassChampion,
  rules: readonly ClassContender[],
  seed: number,
): ClassEvaluation | null {
  const { rows, probabilities, outcomes } = champion.past;
  if (rows.length === 0) return null;
  const table = selectRows(set.table, rows);
  const judged = [champion, ...rules.filter(({ name }) => name !== champion.name)];
  const figures = judged.flatMap(({ past }) =>
    classMetrics.map(
      ({ compute }) =>
        (weights: ArrayLike<number>) =>
          compute(past, weights),
    ),
  );
  const shares = set.classes.map((_, k) => shareOf(outcomes, k));
  const found = replicate(table.entities, [...figures, ...shares], seeded(seedFor(seed, 'past evaluation'))).map(
    ({ value, replicates }) => interval(value, replicates),
  );
  return {
    from: table.cutoffs.reduce((a, b) => Math.min(a, b)),
    to: table.cutoffs.reduce((a, b) => Math.max(a, b)),
    rows: rows.length,
    partners: new Set(table.entities).size,
    estimators: judged.map(({ name }, i) => ({
      name,
      figures: Object.fromEntries(CLASS_METRICS.map((metric, j) => [metric, found[i * CLASS_METRICS.length + j]])),
    })),
    calibration: set.classes.map((name, k) => ({
      class: name,
      said: probabilities[k].reduce((sum, each) => sum + each, 0) / rows.length,
      came: found[figures.length + k],
      bins: reliability(
        probabilities[k],
        outcomes.map((outcome) => Number(outcome === k)),
      ),
    })),
  };
}

/** The share of the rows that turned out to be of a class. */
export function shareOf(outcomes: Uint8Array, k: number): (weights: ArrayLike<number>) => number {
  return (weights) => {
    let [all, came] = [0, 0];
    outcomes.forEach((outcome, row) => {
      all += weights[row];
      if (outcome === k) came += weights[row];
    });
    return came / all;
  };
}

/** The evaluation that a stored card of classes holds; null where it is older than evaluations, or says something else. */
export function evaluationOfClassCard(card: { evaluation?: unknown }): ClassEvaluation | null {
  return classEvaluation.safeParse(card.evaluation).data ?? null;
}
