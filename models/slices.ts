import { type Figure, type Measured, measureAll } from './bootstrap.ts';
import { metricNamed, type Ranked, rank } from './metrics.ts';
import { share } from './past-lists.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** A part of a test, judged by itself. */
export interface Slice {
  name: string;
  rows: number;
  partners: number;
  /** Share of the rows to whom the outcome happened. */
  baseRate: Measured;
  /** Mean of what was said of them: outside the interval of the base rate, the part is over- or underestimated. */
  predicted: number;
  /** null where there are too few to tell. */
  auc: Measured | null;
  logLoss: Measured | null;
}

/**
 * How many partners to whom the outcome happened, and how many to whom it did not, a part needs for figures of its own:
 * with ten of either the standard error of an AUC is about 0.12 already (Hanley & McNeil 1982).
 */
export const FEWEST_PARTNERS = 10;

/** A part by its name: places of rows, at least one. */
export interface Part {
  name: string;
  rows: readonly number[];
}

const BY_ITSELF = ['auc', 'log_loss'];

/**
 * Judges parts of a test. Partners are drawn from the whole of it, so that parts can be compared.
 * @param probabilities one per row of the test
 */
export function judgeSlices(
  test: TrainingSet,
  probabilities: Float64Array,
  parts: readonly Part[],
  random: Random,
): Slice[] {
  const figures = parts.map((part) => figuresOf(part, test, probabilities));
  const measured = measureAll(test.table.entities, figures.flat(), random);
  return parts.map(({ name, rows }, i) => {
    const [baseRate, auc = null, logLoss = null] = measured.splice(0, figures[i].length);
    return {
      name,
      rows: rows.length,
      partners: partnersAmong(test, rows),
      baseRate,
      predicted: rows.reduce((sum, row) => sum + probabilities[row], 0) / rows.length,
      auc,
      logLoss,
    };
  });
}

function figuresOf({ rows }: Part, test: TrainingSet, probabilities: Float64Array): Figure[] {
  const { outcomes } = test;
  const baseRate: Figure = (weights) => share(rows, outcomes, weights);
  const ofKind = (kind: number) =>
    partnersAmong(
      test,
      rows.filter((row) => outcomes[row] === kind),
    );
  if (Math.min(ofKind(0), ofKind(1)) < FEWEST_PARTNERS) return [baseRate];
  const ranked = rank(
    Float64Array.from(rows, (row) => probabilities[row]),
    Uint8Array.from(rows, (row) => outcomes[row]),
  );
  return [baseRate, ...BY_ITSELF.map((name) => ofPart(name, ranked, rows))];
}

/** A metric of the rows of a part alone, by weights of all rows. */
function ofPart(name: string, ranked: Ranked, rows: readonly number[]): Figure {
  const { compute } = metricNamed(name);
  const own = new Float64Array(rows.length);
  return (weights) => {
    for (let i = 0; i < rows.length; i++) own[i] = weights[rows[i]];
    return compute(ranked, own);
  };
}

function partnersAmong({ table }: TrainingSet, rows: readonly number[]): number {
  return new Set(rows.map((row) => table.entities[row])).size;
}
