import type { Database } from './database.ts';

/** A partner as it is known today; a stub has no more than its id. */
export interface Partner {
  id: string;
  name: string;
  type: string | null;
  tier: string | null;
  owner: string | null;
  region: string | null;
  country: string | null;
  industry: string | null;
  signedOn: string | null;
  isStub: boolean;
}

/** Partners in the version known latest. */
export const LATEST_PARTNERS = 'select distinct on (partner_id) * from partner order by partner_id, known_at desc';

/** What is known of a partner today, as the tables have it. */
export interface PartnerRow {
  name: string;
  type: string | null;
  tier: string | null;
  owner: string | null;
  region: string | null;
  country: string | null;
  industry: string | null;
  signed_on: string | null;
  is_stub: boolean;
}

/** A partner from its row. */
export function toPartner(id: string, row: PartnerRow): Partner {
  const { name, type, tier, owner, region, country, industry } = row;
  return { id, name, type, tier, owner, region, country, industry, signedOn: row.signed_on, isStub: row.is_stub };
}

/** One partner as known today; null when no input has named it. */
export async function partnerWithId(database: Database, partnerId: string): Promise<Partner | null> {
  const [row] = await database.query<PartnerRow>(
    `select coalesce(partner.name, named.partner_id) as name, type, tier, owner, region, country, industry, signed_on,
       partner.partner_id is null as is_stub
     from partner_key as named left join (${LATEST_PARTNERS}) as partner using (partner_id)
     where named.partner_id = $1`,
    [partnerId],
  );
  return row ? toPartner(partnerId, row) : null;
}

/** The names of partners as they are known today, by id; a stub is named by its id. */
export async function partnerNames(database: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; name: string }>(
    `select distinct on (partner_id) partner_id as id, name from partner where partner_id = any($1)
     order by partner_id, known_at desc`,
    [[...ids]],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return new Map(ids.map((id) => [id, names.get(id) ?? id]));
}

/** The distinct values a list can be filtered by. */
export async function filterChoices(
  database: Database,
): Promise<{ owners: string[]; tiers: string[]; types: string[] }> {
  const [row] = await database.query<{ owners: string[] | null; tiers: string[] | null; types: string[] | null }>(
    `select array_agg(distinct owner) filter (where owner is not null) as owners,
       array_agg(distinct tier) filter (where tier is not null) as tiers,
       array_agg(distinct type) filter (where type is not null) as types
     from (${LATEST_PARTNERS}) as partner`,
  );
  return { owners: row.owners ?? [], tiers: row.tiers ?? [], types: row.types ?? [] };
}
