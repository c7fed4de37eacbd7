import { column, type FeatureTable, rowsWhere } from './feature-table.ts';
import { pick } from './pick.ts';
import { logOf } from './whole-logs.ts';

/** What a profile of activity is made of. */
const PROFILE = [
  'events_90d',
  'events_365d',
  'active_weeks_365d',
  'contacts_180d',
  'products_365d',
  'life_weeks_180d',
  'learning_events_365d',
  'deals_won_365d',
  'portal_events_90d',
] as const;
const TOP_SHARE = 0.1;
const RANKED_BY = 'events_365d';

/**
 * The cosine of each row's profile with the mean profile of the most active tenth of the rows at risk, and of whoever
 * is as active as the last of them. Profiles are logarithms of counts, standardised over the rows at risk; unknown
 * stands at the mean.
 * @param fewest rows that make a tenth; with less, all is NaN
 */
export function similarityToTop(table: FeatureTable, fewest: number): Float32Array {
  const atRisk = Int32Array.from(rowsWhere(table, (row) => table.atRisk[row] === 1));
  const ranked = column(table, RANKED_BY);
  const known = atRisk.filter((row) => !Number.isNaN(ranked[row]));
  const tenth = Math.floor(known.length * TOP_SHARE);
  if (tenth < fewest) return new Float32Array(table.atRisk.length).fill(Number.NaN);
  // Which of several alike comes first says nothing of them.
  const last = pick(ranked, known, new Float32Array(known.length)).sort()[known.length - tenth];
  const top = known.filter((row) => ranked[row] >= last);
  const profile = PROFILE.map((name) => standardised(column(table, name), atRisk));
  const centre = profile.map((values) => meanOf(values, top));
  return cosines(profile, centre);
}

function meanOf(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
  return sum / rows.length;
}

/** Loops, not callbacks: they run over every row of every cutoff, and leave nothing behind to be collected. */
function standardised(counts: Float32Array, rows: Int32Array): Float64Array {
  const logs = new Float64Array(counts.length);
  for (let row = 0; row < logs.length; row++) logs[row] = logOf(1 + counts[row]);
  let [known, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < rows.length; i++) {
    const log = logs[rows[i]];
    if (Number.isNaN(log)) continue;
    known++;
    sum += log;
    if (log < least) least = log;
    if (log > most) most = log;
  }
  // Where all are alike, rounding would make a difference.
  if (!(most > least)) return logs.fill(0);
  const mean = sum / known;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const log = logs[rows[i]];
    if (!Number.isNaN(log)) squares += (log - mean) * (log - mean);
  }
  const deviation = Math.sqrt(squares / known);
  for (let row = 0; row < logs.length; row++) logs[row] = Number.isNaN(logs[row]) ? 0 : (logs[row] - mean) / deviation;
  return logs;
}

/** Per row, the cosine of its values with a centre; NaN where either is all zero. */
function cosines(profile: readonly Float64Array[], centre: readonly number[]): Float32Array {
  const rows = profile[0].length;
  const [dots, squares] = [new Float64Array(rows), new Float64Array(rows)];
  profile.forEach((values, i) => {
    addTo(dots, squares, values, centre[i]);
  });
  const length = Math.hypot(...centre);
  const found = new Float32Array(rows);
  for (let row = 0; row < rows; row++) found[row] = dots[row] / (Math.sqrt(squares[row]) * length);
  return found;
}

function addTo(dots: Float64Array, squares: Float64Array, values: Float64Array, centre: number): void {
  for (let row = 0; row < values.length; row++) {
    dots[row] += values[row] * centre;
    squares[row] += values[row] * values[row];
  }
}
