import type { Directions } from './reasons.ts';
import type { LabelledRows } from './training-set.ts';

/** Correlation of each feature's signed logarithm with the outcome; 0 where it never varies. −1 to 1. */
export function featureDirections({ table, outcomes }: Pick<LabelledRows, 'table' | 'outcomes'>): Directions {
  return Object.fromEntries(table.names.map((name, i) => [name, correlation(table.columns[i], outcomes)]));
}

function correlation(values: Float32Array, outcomes: Uint8Array): number {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    const x = Math.sign(values[row]) * Math.log1p(Math.abs(values[row]));
    n++;
    sumX += x;
    sumY += outcomes[row];
    sumXX += x * x;
    sumXY += x * outcomes[row];
  }
  const spread = (n * sumXX - sumX * sumX) * (n * sumY - sumY * sumY);
  return spread > 0 ? (n * sumXY - sumX * sumY) / Math.sqrt(spread) : 0;
}
