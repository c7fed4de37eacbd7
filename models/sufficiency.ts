import { DAY } from '../features/index.ts';
import type { LabelledRows } from './training-set.ts';

/** What there is to learn from. */
export interface Supply {
  /** Partners ever at risk, and rows at risk (partner × cutoff). */
  partners: number;
  rows: number;
  /** Partners to whom the outcome happened at some cutoff, and to whom it did not: their rows are no evidence apart. */
  happened: number;
  stayed: number;
  /** Months between the first and the last cutoff with a known outcome. */
  months: number;
}

const DAYS_PER_MONTH = 365.25 / 12;

/** What a training set holds to learn from. */
export function supplyOf(set: LabelledRows): Supply {
  const { entities, cutoffs } = set.table;
  const first = cutoffs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = cutoffs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    partners: new Set(entities).size,
    rows: cutoffs.length,
    happened: partnersWith(set, 1),
    stayed: partnersWith(set, 0),
    months: cutoffs.length === 0 ? 0 : Math.round((last - first) / DAY / DAYS_PER_MONTH),
  };
}

function partnersWith({ table, outcomes }: LabelledRows, outcome: number): number {
  return new Set(table.entities.filter((_, row) => outcomes[row] === outcome)).size;
}

/** What the data is enough for: nothing, a rule of thumb, or a model that learns. */
export type Sufficiency = 'nothing' | 'rule' | 'model';

/** A rule of thumb needs this much to be given a probability. */
const FOR_A_RULE = { happened: 10, rows: 50, months: 3 };
/** Below this the standard error of an AUC exceeds 0.08 and a model cannot be told from a rule (Hanley & McNeil 1982). */
const FOR_A_MODEL = { happened: 30, rows: 150, months: 6 };

/**
 * Says what the data supports and what is missing for more.
 * @returns the verdict, and one clause per thing that is missing for the next step; none when nothing is
 */
export function judgeSupply(supply: Supply): { verdict: Sufficiency; missing: string[] } {
  const forRule = lacks(supply, FOR_A_RULE);
  if (forRule.length > 0) return { verdict: 'nothing', missing: forRule };
  const forModel = lacks(supply, FOR_A_MODEL);
  return { verdict: forModel.length > 0 ? 'rule' : 'model', missing: forModel };
}

function lacks(supply: Supply, wanted: typeof FOR_A_RULE): string[] {
  return [
    supply.rows < wanted.rows && `${supply.rows} partner-months at risk, ${wanted.rows} are needed`,
    supply.happened < wanted.happened && `${supply.happened} partners that went quiet, ${wanted.happened} are needed`,
    supply.stayed < wanted.happened && `${supply.stayed} partners that stayed, ${wanted.happened} are needed`,
    supply.months < wanted.months &&
      `${supply.months} months of cutoffs with a known outcome, ${wanted.months} are needed`,
  ].filter((clause) => clause !== false);
}
