import { stringify } from 'csv-stringify/sync';
import type { ListedProspect } from '../store/index.ts';

/** The list of prospects as a table, the same in the terminal and on the console. */
const PROSPECT_COLUMNS = [
  'rank',
  'prospect_id',
  'fit',
  'accept',
  'exploratory',
  'matched',
  'against',
  'nearest',
  'name',
  'country',
  'website',
  'reasons',
  'action',
] as const;

/** A row of the list of prospects. */
export type ProspectRow = Record<(typeof PROSPECT_COLUMNS)[number], string | number | boolean | null>;

/** The rows of a list in its order. */
export function prospectRows(prospects: readonly ListedProspect[]): ProspectRow[] {
  return prospects.map(
    ({ rank, prospectId, fit, accept, exploratory, matched, against, nearest, reasons, ...told }) => ({
      rank,
      prospect_id: prospectId,
      fit,
      accept,
      exploratory,
      matched: matched.join('; '),
      against: against.join('; '),
      nearest: nearest.map(({ partnerId }) => partnerId).join('; '),
      name: told.name,
      country: told.country,
      website: told.website,
      reasons: reasons.map(({ text }) => text).join('; '),
      action: told.action,
    }),
  );
}

/** The rows as CSV; text that a spreadsheet would run as a formula is defused. */
export function prospectCsv(prospects: readonly ListedProspect[]): string {
  const rows = prospectRows(prospects).map((row) =>
    PROSPECT_COLUMNS.map((column) => (typeof row[column] === 'boolean' ? String(row[column]) : row[column])),
  );
  return stringify([[...PROSPECT_COLUMNS], ...rows], { escape_formulas: true });
}
