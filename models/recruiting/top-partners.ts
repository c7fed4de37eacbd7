import type { Company, FeatureTable, FeatureView } from '../../features/index.ts';
import { quantile } from '../bootstrap.ts';

/** What a partner brought, measured over the same time for all. */
export interface Performance {
  partnerId: string;
  /** Days since it signed. */
  tenureDays: number;
  /** Such as money won in the last year, in one unit for all; null is unknown. */
  value: number | null;
  /** Whom it may be compared with, such as partners of its type; all share one group where it is left out. */
  group?: string;
}

/** Which standing a partner has: `TOP`, `OTHER`, or `UNSETTLED` where it is too early or unknown. */
export const OTHER = 0;
export const TOP = 1;
export const UNSETTLED = 2;

/** Whether top partners could be told, and if not why. */
export interface TopVerdict {
  verdict: 'found' | 'none yet' | 'alike';
  /** In a sentence. */
  says: string;
}

/** The standing of each partner, in the order they came. */
export interface Standings extends TopVerdict {
  standing: Uint8Array;
}

/** Everything that is learnt of partners from: a row each, in the same order in both tables. */
export interface TopPartners extends Standings {
  view: FeatureView<Company>;
  /** Traits as known when each partner signed; the cutoff of a row is that day. */
  whenSigned: FeatureTable;
  /** The same columns as known today: what differs came later. */
  today: FeatureTable;
}

/** Top are the best so many of each group of one age. */
const TOP_SHARE = 0.25;
/** Younger partners have not had the time to show what they can. */
const YOUNGEST_DAYS = 180;
const YEAR = 365;
/** Partners of more years count as of one age. */
const OLDEST_YEARS = 4;
/** Fewer of one age and group are compared with the next group instead. */
const FEWEST_ALIKE = 12;
/** Fewer partners of settled standing than these have no best ones worth the name. */
const FEWEST_SETTLED = 20;
const FEWEST_TOP = 5;
/** The best must bring this many times what the middle one does. */
const LEAST_ADVANTAGE = 1.1;

/**
 * Tells the top partners: the quarter that brought most among partners of the same age in years (and group, where it
 * has enough members), if they brought anything at all. So nobody is on top for having been here longer.
 * @returns one standing per partner; all `UNSETTLED` unless the verdict is `found`
 */
export function tellTop(performances: readonly Performance[]): Standings {
  const standing = new Uint8Array(performances.length).fill(UNSETTLED);
  const settled = [...performances.keys()].filter(
    (i) => performances[i].value !== null && performances[i].tenureDays >= YOUNGEST_DAYS,
  );
  const verdict = judge(settled.map((i) => performances[i].value as number));
  if (verdict.verdict !== 'found') return { ...verdict, standing };
  for (const rows of cohorts(performances, settled)) {
    const values = rows.map((row) => performances[row].value as number);
    const least = quantile(Float64Array.from(values).sort(), 1 - TOP_SHARE);
    rows.forEach((row, i) => {
      standing[row] = values[i] > 0 && values[i] >= least ? TOP : OTHER;
    });
  }
  return { ...verdict, standing };
}

function judge(values: readonly number[]): TopVerdict {
  const earning = values.filter((value) => value > 0).length;
  if (values.length < FEWEST_SETTLED || earning < FEWEST_TOP) {
    return {
      verdict: 'none yet',
      says:
        `There are no top performers yet: of ${values.length} partners signed ${YOUNGEST_DAYS} days ago or earlier, ` +
        `${earning} brought anything; ${FEWEST_SETTLED} and ${FEWEST_TOP} are the least to learn from.`,
    };
  }
  const sorted = Float64Array.from(values).sort();
  const [middle, best] = [quantile(sorted, 0.5), quantile(sorted, 1 - TOP_SHARE / 2)];
  if (best <= LEAST_ADVANTAGE * middle) {
    return {
      verdict: 'alike',
      says: `All partners are alike: the best bring less than ${LEAST_ADVANTAGE} times what the middle one does.`,
    };
  }
  return { verdict: 'found', says: `Top is the best quarter of partners of the same age, ${values.length} in all.` };
}

/** Rows that are compared with each other: of one group and age, then of one age, then what is left. */
function cohorts(performances: readonly Performance[], settled: readonly number[]): number[][] {
  const ageOf = (row: number) => Math.min(OLDEST_YEARS, Math.floor(performances[row].tenureDays / YEAR));
  const whole: number[][] = [];
  let left = [...settled];
  for (const key of [
    (row: number) => `${performances[row].group ?? ''} ${ageOf(row)}`,
    (row: number) => String(ageOf(row)),
  ]) {
    const groups = new Map<string, number[]>();
    for (const row of left) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
    const cohortsOfKey = [...groups.values()];
    whole.push(...cohortsOfKey.filter((rows) => rows.length >= FEWEST_ALIKE));
    left = cohortsOfKey.filter((rows) => rows.length < FEWEST_ALIKE).flat();
  }
  return left.length > 0 ? [...whole, left] : whole;
}
