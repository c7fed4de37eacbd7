import type { Random } from './random.ts';

/** A figure with its interval. */
export interface Measured {
  value: number;
  low: number;
  high: number;
}

/** How often rows are drawn again for an interval. */
const REPLICATES = 1000;

/**
 * Weights of the rows for each of several draws of partners with replacement: rows of one partner belong together,
 * so they are drawn together (cluster bootstrap; Davison & Hinkley 1997, §3.8).
 * @param entities the partner of each row
 */
export function* drawPartners(
  entities: readonly string[],
  random: Random,
  replicates = REPLICATES,
): Generator<Float64Array> {
  const codes = new Map<string, number>();
  const partner = Int32Array.from(entities, (entity) => {
    const code = codes.get(entity) ?? codes.size;
    codes.set(entity, code);
    return code;
  });
  const drawn = new Float64Array(codes.size);
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < drawn.length; i++) drawn[Math.floor(random() * drawn.length)]++;
    const weights = new Float64Array(partner.length);
    for (let row = 0; row < partner.length; row++) weights[row] = drawn[partner[row]];
    yield weights;
  }
}

/** A figure as a function of the weights of the rows: 1 each, or how often a draw holds each row's partner. */
export type Figure = (weights: ArrayLike<number>) => number;

/** What a figure came to on the rows as they are, and on each draw of partners. */
export interface Replicated {
  value: number;
  replicates: readonly number[];
}

/**
 * What figures come to on the rows as they are and on each draw of partners. All are computed on the same draws, so
 * that the difference of two of them has an interval of its own (paired bootstrap; Efron & Tibshirani 1993, ch. 10).
 */
export function replicate(entities: readonly string[], figures: readonly Figure[], random: Random): Replicated[] {
  const asTheyAre = new Float64Array(entities.length).fill(1);
  const found = figures.map((figure) => ({ value: figure(asTheyAre), replicates: [] as number[] }));
  for (const weights of drawPartners(entities, random)) {
    figures.forEach((figure, i) => {
      found[i].replicates.push(figure(weights));
    });
  }
  return found;
}

/** One figure minus another with its 95 % interval, draw by draw. */
export function difference(ours: Replicated, theirs: Replicated): Measured {
  const differences = ours.replicates.map((figure, i) => figure - theirs.replicates[i]);
  return interval(ours.value - theirs.value, differences);
}

/** Figures with their 95 % intervals over partners, all by the same draws. */
export function measureAll(
  entities: readonly string[],
  figures: readonly Figure[],
  random: Random,
  level?: number,
): Measured[] {
  return replicate(entities, figures, random).map(({ value, replicates }) => interval(value, replicates, level));
}

/**
 * A 95 % interval from bootstrap replicates of a figure, each tail interpolated; replicates that could not be
 * computed are left out.
 * @param value the figure on the rows as they are
 */
export function interval(value: number, replicates: readonly number[], level = 0.95): Measured {
  const sorted = replicates.filter((replicate) => !Number.isNaN(replicate)).sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return { value, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** The q-quantile of ascending numbers by linear interpolation; NaN of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
