import { parseDay } from '../../features/index.ts';
import type { Database } from '../../store/index.ts';
import { type SomeRow, storeRows } from './stored-events.ts';

/** The day as of which the program of `storeProgram` is looked at: a Monday. */
export const LOOKED_AT = parseDay('2024-07-01');
const SIGNED = '2022-01-03';

/** How many partners know SAP, and win ten times as much, of how many. */
export const SAP = 20;
export const PARTNERS = 60;

/** Partners of two years of which those that know SAP win most; those sit on the advisory board since, as a thank-you. */
export async function storeProgram(database: Database): Promise<void> {
  const partners = Array.from({ length: PARTNERS }, (_, i) => ({
    id: `p${String(i).padStart(2, '0')}`,
    isSap: i < SAP,
  }));
  await storeRows(
    database,
    'partners',
    partners.map(({ id, isSap }, i) => ({
      partner_id: id,
      name: `Partner ${id} GmbH`,
      website: `${id}.example`,
      country: i % 2 === 0 ? 'DE' : 'FR',
      industry: i % 3 === 0 ? 'retail' : 'health',
      technologies: isSap ? 'SAP;java' : i % 2 === 0 ? 'php;java' : 'java',
      signed_on: SIGNED,
      known_at: SIGNED,
    })),
  );
  const won = partners.map(({ id, isSap }, i) => ({
    deal_id: `d-${id}`,
    submitted_at: '2022-03-01',
    closed_at: '2023-05-01',
    outcome: 'won',
    amount: isSap ? 1_000_000 : 100_000 + i,
    currency: 'USD',
    known_at: '2023-05-02',
  }));
  await storeRows(database, 'deals', won);
  const roles = partners.map(({ id }) => ({
    deal_id: `d-${id}`,
    partner_id: id,
    role: 'sourced',
    known_at: '2022-03-01',
  }));
  await storeRows(database, 'deal_partners', roles);
  const board = { attribute: 'advisory_board', value: 'member', valid_from: '2023-09-01', known_at: '2023-09-01' };
  await storeRows(
    database,
    'partner_attributes',
    partners.filter(({ isSap }) => isSap).map(({ id }) => ({ partner_id: id, ...board })),
  );
}

/** A prospect on record, by its id as its name. */
export function prospect(id: string, technologies: string, others: Partial<SomeRow> = {}): SomeRow {
  const told = { name: `${id} Works`, country: 'DE', industry: 'health', website: `${id}.example` };
  return { prospect_id: id, technologies, ...told, known_at: '2024-01-01', ...others } as SomeRow;
}

/** So many prospects that know SAP or PHP, by ids that begin so. */
export function prospects(begin: string, count: number, technologies: string): SomeRow[] {
  return Array.from({ length: count }, (_, i) => prospect(`${begin}${i}`, technologies));
}
