import type { Database } from './database.ts';
import { type InputTable, inputTables } from './inputs.ts';

/** Partners whose facts loads after this one have added to: rows of their own, and versions of their deals. */
export async function partnersChanged(database: Database, afterLoad: number): Promise<Set<string>> {
  const tables: InputTable[] = Object.values(inputTables);
  const own = tables
    .filter(({ ofPartner }) => ofPartner)
    .map(({ table }) => `select partner_id from ${table} where load_id > $1`);
  const rows = await database.query<{ partner_id: string }>(
    `${own.join(' union ')}
     union select partner_id from deal_partner where deal_id in (select deal_id from deal where load_id > $1)`,
    [afterLoad],
  );
  return new Set(rows.map((row) => row.partner_id));
}

/**
 * The ids of partners, ascending by their bytes.
 * @param first the first of them; from the very first when undefined
 * @param before the first one not among them; to the very last when undefined
 */
export async function partnerIds(database: Database, first?: string, before?: string): Promise<string[]> {
  const rows = await database.query<{ partner_id: string }>(
    `select partner_id from partner_key
     where ($1::text is null or partner_id >= $1) and ($2::text is null or partner_id < $2) order by partner_id`,
    [first ?? null, before ?? null],
  );
  return rows.map((row) => row.partner_id);
}
