import { DAY, type FeatureTable, selectRows } from '../../features/index.ts';
import type { Label } from '../label.ts';
import type { Random } from '../random.ts';
import { selectFrom, type TrainingSet } from '../training-set.ts';

/** Being a top partner is no matter of a day: the label only names what the outcomes are. */
const LIKE: Label = { name: 'like', gapDays: 0, horizonDays: 1, outcome: () => null, plainOn: () => null };
/** So many days stand for parts of a table without time. */
const DAYS = 10;

/**
 * A training set of rows that have no order in time. Estimators choose their settings by what later rows say: so the
 * rows are dealt onto ten days by lot, each with its share of either outcome.
 * @param outcomes 1 for positive, 0 for unlabelled
 */
export function withoutTime(table: FeatureTable, outcomes: Uint8Array, random: Random): TrainingSet {
  const cutoffs = new Float64Array(outcomes.length);
  for (const outcome of [0, 1]) {
    const rows = shuffled(
      [...outcomes.keys()].filter((row) => outcomes[row] === outcome),
      random,
    );
    rows.forEach((row, i) => {
      cutoffs[row] = (i % DAYS) * DAY;
    });
  }
  const order = [...outcomes.keys()].sort((a, b) => cutoffs[a] - cutoffs[b] || a - b);
  return selectFrom({ table: { ...table, cutoffs }, outcomes, label: LIKE }, order);
}

/** The numbers in an order drawn by lot (Fisher & Yates 1938). */
export function shuffled(numbers: readonly number[], random: Random): number[] {
  const dealt = [...numbers];
  for (let last = dealt.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [dealt[last], dealt[other]] = [dealt[other], dealt[last]];
  }
  return dealt;
}

/**
 * Parts of a table to be foretold in turn, each with its share of either outcome; rows of one company stay together.
 * @returns per part the places of its rows, ascending
 */
export function partsOf(table: FeatureTable, outcomes: Uint8Array, parts: number, random: Random): number[][] {
  const companies = new Map<string, number[]>();
  table.entities.forEach((entity, row) => {
    const rows = companies.get(entity);
    if (rows) rows.push(row);
    else companies.set(entity, [row]);
  });
  const all = [...companies.values()];
  const isPositive = all.map((rows) => rows.some((row) => outcomes[row] === 1));
  const dealt = [true, false].flatMap((wanted) =>
    shuffled(
      [...all.keys()].filter((company) => isPositive[company] === wanted),
      random,
    ),
  );
  const found: number[][] = Array.from({ length: parts }, () => []);
  dealt.forEach((company, i) => {
    found[i % parts].push(...all[company]);
  });
  return found.map((rows) => rows.sort((a, b) => a - b));
}

/** The columns of a table by name, in that order. */
export function withFeatures(table: FeatureTable, names: readonly string[]): FeatureTable {
  const columns = names.map((name) => table.columns[table.names.indexOf(name)]);
  return { ...table, names, columns };
}

/** The rows of a table that are not among some. */
export function others(table: FeatureTable, rows: readonly number[]): number[] {
  const among = new Set(rows);
  return [...table.entities.keys()].filter((row) => !among.has(row));
}

/** Rows picked from a table and from what is known of them. */
export function pickRows(
  table: FeatureTable,
  outcomes: Uint8Array,
  rows: readonly number[],
): { table: FeatureTable; outcomes: Uint8Array } {
  return { table: selectRows(table, rows), outcomes: Uint8Array.from(rows, (row) => outcomes[row]) };
}
