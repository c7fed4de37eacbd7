/** Predictions of about the same size, and what happened to them. */
export interface ReliabilityBin {
  rows: number;
  /** Mean predicted probability. */
  predicted: number;
  /** Share that had the outcome, with its 95 % interval. */
  observed: number;
  low: number;
  high: number;
}

const BINS = 8;
const Z = 1.959964;

/** Predictions sorted into bins of equal size, the lowest first; fewer bins when there are few predictions. */
export function reliability(probabilities: Float64Array, outcomes: Uint8Array): ReliabilityBin[] {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const bins = Math.min(BINS, Math.floor(order.length / 10));
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.slice(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    const predicted = rows.reduce((sum, row) => sum + probabilities[row], 0) / rows.length;
    const happened = rows.reduce((sum, row) => sum + outcomes[row], 0);
    return { rows: rows.length, predicted, observed: happened / rows.length, ...wilson(happened, rows.length) };
  });
}

/** Wilson's score interval of a share, 95 % (Wilson 1927). */
export function wilson(happened: number, of: number): { low: number; high: number } {
  const share = happened / of;
  const centre = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
