import { column, type FeatureTable } from '../../features/index.ts';
import { scaleOf, standardised } from './rivals.ts';

/** A current partner that a company is like. */
export interface NearPartner {
  partnerId: string;
  /** The cosine of their standardised traits, −1 to 1; 1 is alike in all that is known. */
  similarity: number;
}

/**
 * The partners that some companies are most like, by the cosine of their traits: every column that both tables have,
 * standardised over the partners, unknown at the mean. Costs companies × partners × columns multiplications.
 * @param rows whose nearest partners are wanted, places in `companies`
 * @param count how many of each
 * @returns per row the nearest first, ties in the order of the partners
 */
export function nearestPartners(
  companies: FeatureTable,
  partners: FeatureTable,
  rows: readonly number[],
  count: number,
): NearPartner[][] {
  const shared = partners.names.filter((name) => companies.names.includes(name));
  const scales = shared.map((name) => scaleOf(column(partners, name)));
  const theirs = unitRows(partners, shared, scales, [...partners.entities.keys()]);
  const ours = unitRows(companies, shared, scales, rows);
  const similarities = new Float32Array(partners.entities.length);
  return rows.map((_, i) => {
    compare(ours.subarray(i * shared.length, (i + 1) * shared.length), theirs, similarities);
    const nearest: NearPartner[] = [];
    let least = Number.NEGATIVE_INFINITY;
    for (let p = 0; p < similarities.length; p++) {
      if (similarities[p] <= least) continue;
      keep(nearest, { partnerId: partners.entities[p], similarity: similarities[p] }, count);
      if (nearest.length === count) least = nearest[count - 1].similarity;
    }
    return nearest;
  });
}

/** Rows of length 1 side by side; all zero where nothing sets a row apart. */
function unitRows(
  table: FeatureTable,
  names: readonly string[],
  scales: readonly { mean: number; deviation: number }[],
  rows: readonly number[],
): Float32Array {
  const size = names.length;
  const units = new Float32Array(rows.length * size);
  names.forEach((name, f) => {
    const values = standardised(
      Float32Array.from(rows, (row) => column(table, name)[row]),
      scales[f],
    );
    for (let i = 0; i < rows.length; i++) units[i * size + f] = values[i];
  });
  for (let i = 0; i < rows.length; i++) {
    const row = units.subarray(i * size, (i + 1) * size);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let f = 0; f < size; f++) row[f] /= length;
  }
  return units;
}

/** The products of a row with many others, four at a time: each of its values is loaded once for all four. */
function compare(row: Float32Array, others: Float32Array, into: Float32Array): void {
  const size = row.length;
  let p = 0;
  for (; p + 3 < into.length; p += 4) {
    const [a, b, c, d] = [p * size, (p + 1) * size, (p + 2) * size, (p + 3) * size];
    let [dotA, dotB, dotC, dotD] = [0, 0, 0, 0];
    for (let f = 0; f < size; f++) {
      const value = row[f];
      dotA += value * others[a + f];
      dotB += value * others[b + f];
      dotC += value * others[c + f];
      dotD += value * others[d + f];
    }
    into[p] = dotA;
    into[p + 1] = dotB;
    into[p + 2] = dotC;
    into[p + 3] = dotD;
  }
  for (; p < into.length; p++) {
    let dot = 0;
    for (let f = 0; f < size; f++) dot += row[f] * others[p * size + f];
    into[p] = dot;
  }
}

function keep(nearest: NearPartner[], found: NearPartner, count: number): void {
  const place = nearest.findIndex(({ similarity }) => similarity < found.similarity);
  nearest.splice(place < 0 ? nearest.length : place, 0, found);
  if (nearest.length > count) nearest.pop();
}
