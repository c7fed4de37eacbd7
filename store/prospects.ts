import type { Instant } from '../features/index.ts';
import type { Database } from './database.ts';

/** A prospect in the version known at a moment; what it is like is text, null is unknown. */
export interface Prospect {
  prospectId: string;
  name: string;
  website: string | null;
  country: string | null;
  industry: string | null;
  employees: string | null;
  technologies: string | null;
  /** How the vendor came by it. */
  source: string | null;
  approachedAt: Date | null;
  signedPartnerId: string | null;
}

/** Whether any prospect has ever been loaded. */
export async function hasProspects(database: Database): Promise<boolean> {
  return (await database.query('select 1 from prospect limit 1')).length > 0;
}

/** Prospects read together: memory is bounded by them. */
const TOGETHER = 5000;

/** The prospects known before a moment, each once in its latest version by then, in the order of their ids, in pages. */
export async function* prospectsKnown(database: Database, knownBefore: Instant): AsyncGenerator<Prospect[]> {
  let after = '';
  for (;;) {
    const page: Prospect[] = await database.query<Prospect>(
      `select distinct on (prospect_id) prospect_id as "prospectId", name, website, country, industry,
         employees::text as employees, technologies, found_by as source, approached_at as "approachedAt",
         signed_partner_id as "signedPartnerId"
       from prospect where prospect_id > $1 and known_at < $2
       order by prospect_id, known_at desc limit ${TOGETHER}`,
      [after, new Date(knownBefore)],
    );
    if (page.length === 0) return;
    yield page;
    after = page[page.length - 1].prospectId;
  }
}

/** A prospect that was approached, as it was known then. */
export interface ApproachedProspect {
  prospect: Prospect;
  approachedAt: Instant;
  /** Whether it has signed by the moment asked for. */
  hasSigned: boolean;
}

/** More say no more, and would not fit into memory for ever: the latest are read. */
const MOST_APPROACHED = 50_000;

/**
 * The prospects first approached before a moment, by records or by what was noted here, and whether they had signed, as
 * known before another.
 */
export async function approachedProspects(
  database: Database,
  knownBefore: Instant,
  approachedBefore: Instant,
): Promise<ApproachedProspect[]> {
  const rows = await database.query<Prospect & { firstAt: Date; hasSigned: boolean }>(
    `with told as (
       select prospect_id, approached_at, signed_partner_id is not null as signed from prospect where known_at < $1
       union all
       select prospect_id, case when action = 'approached' then acted_at end, action = 'signed'
       from prospect_action where acted_at < $1 and action in ('approached', 'signed')
     ), asked as (
       select prospect_id, min(approached_at) as first_at, bool_or(signed) as has_signed from told
       group by prospect_id having min(approached_at) < $2
       order by first_at desc, prospect_id limit ${MOST_APPROACHED}
     )
     select distinct on (prospect_id) prospect_id as "prospectId", name, website, country, industry,
       employees::text as employees, technologies, found_by as source, approached_at as "approachedAt",
       signed_partner_id as "signedPartnerId", first_at as "firstAt", has_signed as "hasSigned"
     from asked join prospect using (prospect_id) where known_at < $1
     order by prospect_id, known_at <= first_at desc,
       case when known_at <= first_at then known_at end desc, known_at`,
    [new Date(knownBefore), new Date(approachedBefore)],
  );
  return rows.map(({ firstAt, hasSigned, ...prospect }) => ({ prospect, approachedAt: firstAt.getTime(), hasSigned }));
}
