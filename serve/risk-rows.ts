import { stringify } from 'csv-stringify/sync';
import { formatDay } from '../features/index.ts';
import { mainReasons, type Reason } from '../models/index.ts';
import type { PartnerScore } from '../store/index.ts';

/** The risk list as a table, the same in the terminal and on the console. */
const RISK_COLUMNS = [
  'rank',
  'partner_id',
  'name',
  'as_of',
  'probability',
  'low',
  'high',
  'band',
  'value_at_risk_minor',
  'currency',
  'action',
  'reasons',
] as const;

/** A row of the risk list. */
export type RiskRow = Record<(typeof RISK_COLUMNS)[number], string | number | null>;

/** Most value at risk first, unknown last; among equals the most probable. */
export function byValueAtRisk(a: PartnerScore, b: PartnerScore): number {
  return (b.valueAtRiskMinor ?? -1) - (a.valueAtRiskMinor ?? -1) || b.probability - a.probability;
}

/** The rows of scores in the order given. */
export function riskRows(scores: readonly PartnerScore[]): RiskRow[] {
  return scores.map((score, i) => ({
    rank: i + 1,
    partner_id: score.entityId,
    name: score.partner.name,
    as_of: formatDay(score.asOf),
    probability: score.probability,
    low: score.low,
    high: score.high,
    band: score.band,
    value_at_risk_minor: score.valueAtRiskMinor,
    currency: score.currency,
    action: `${score.action} (playbook, unproven)`,
    reasons: reasonsInOneLine(score.reasons),
  }));
}

/** The rows as CSV; text that a spreadsheet would run as a formula is defused. */
export function riskCsv(scores: readonly PartnerScore[]): string {
  const rows = riskRows(scores).map((row) => RISK_COLUMNS.map((column) => row[column]));
  return stringify([[...RISK_COLUMNS], ...rows], { escape_formulas: true });
}

/** The main reasons in a line. */
export function reasonsInOneLine(reasons: readonly Reason[]): string {
  const { raising, against } = mainReasons(reasons);
  return [...raising.map(({ text }) => text), ...(against ? [`but: ${against.text}`] : [])].join('; ');
}
