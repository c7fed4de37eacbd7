import type { FeatureTable } from '../../features/index.ts';
import { metricNamed, rank } from '../metrics.ts';
import { type Random, seeded } from '../random.ts';

/** A way to rank that nobody needs a model for. */
export interface Rival {
  name: string;
  /** Learns from rows and returns how it ranks others: one number per row, higher is better. */
  learn(table: FeatureTable, outcomes: Uint8Array, random: Random): (table: FeatureTable) => Float64Array;
}

/** An order drawn by lot. */
const random: Rival = {
  name: 'random',
  learn: (_table, _outcomes, chance) => {
    const draw = seeded(Math.floor(chance() * 2 ** 31));
    return (table) => Float64Array.from(table.entities, draw);
  },
};

/** The one column, rising or falling, that parts the rows best; what is unknown stands in the middle. */
const singleTrait: Rival = {
  name: 'single-trait',
  learn(table, outcomes) {
    const once = new Float64Array(outcomes.length).fill(1);
    const aucs = table.columns.map((values) =>
      metricNamed('auc').compute(rank(centred(values, meanOf(values)), outcomes), once),
    );
    const edges = aucs.map((auc) => Math.abs(auc - 0.5));
    const place = edges.indexOf(Math.max(...edges));
    if (place < 0) return (other) => new Float64Array(other.entities.length);
    const [sign, mean, name] = [Math.sign(aucs[place] - 0.5), meanOf(table.columns[place]), table.names[place]];
    return (other) => centred(other.columns[other.names.indexOf(name)], mean).map((value) => sign * value);
  },
};

/**
 * Look-alike: the cosine of a row with the mean of the positives, every column standardised, unknown at its mean.
 * @returns −1 to 1
 */
const cosine: Rival = {
  name: 'cosine',
  learn(table, outcomes) {
    const scales = table.columns.map((values) => ({ mean: meanOf(values), deviation: deviationOf(values) }));
    const positives = [...outcomes.keys()].filter((row) => outcomes[row] === 1);
    const centre = scales.map((scale, i) => {
      const values = standardised(table.columns[i], scale);
      return positives.reduce((sum, row) => sum + values[row], 0) / positives.length;
    });
    return (other) => {
      const rows = scales.map((scale, i) => standardised(other.columns[other.names.indexOf(table.names[i])], scale));
      return cosines(rows, centre);
    };
  },
};

/** Every rival, the simplest first. */
export const rivals: readonly Rival[] = [random, singleTrait, cosine];

/** The mean and the spread of a column's known values. */
export interface Scale {
  mean: number;
  deviation: number;
}

/** The scale of a column; a deviation of 0 where it does not vary. */
export function scaleOf(values: Float32Array): Scale {
  return { mean: meanOf(values), deviation: deviationOf(values) };
}

function meanOf(values: Float32Array): number {
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known > 0 ? sum / known : 0;
}

function deviationOf(values: Float32Array): number {
  const mean = meanOf(values);
  let [squares, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    squares += (value - mean) ** 2;
    known++;
  }
  return known > 0 ? Math.sqrt(squares / known) : 0;
}

function centred(values: Float32Array, mean: number): Float64Array {
  return Float64Array.from(values, (value) => (Number.isNaN(value) ? 0 : value - mean));
}

/** A column in deviations from its mean; 0 where it is unknown or never varies. */
export function standardised(values: Float32Array, { mean, deviation }: Scale): Float64Array {
  return Float64Array.from(values, (value) =>
    Number.isNaN(value) || deviation === 0 ? 0 : (value - mean) / deviation,
  );
}

function cosines(columns: readonly Float64Array[], centre: readonly number[]): Float64Array {
  const length = Math.hypot(...centre);
  const found = new Float64Array(columns[0]?.length ?? 0);
  const squares = new Float64Array(found.length);
  columns.forEach((values, i) => {
    for (let row = 0; row < found.length; row++) {
      found[row] += values[row] * centre[i];
      squares[row] += values[row] * values[row];
    }
  });
  return found.map((dot, row) => (squares[row] > 0 && length > 0 ? dot / (Math.sqrt(squares[row]) * length) : 0));
}
