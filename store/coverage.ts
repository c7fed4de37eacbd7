import { type Company, hasEnded, type Instant, type Profile } from '../features/index.ts';
import type { MarketCell } from '../insights/index.ts';
import type { Database } from './database.ts';
import { partnersKnown } from './known-partners.ts';

/** The market as it was last counted, and the partners whose partnership goes on, as known before a moment. */
export async function coverage(
  database: Database,
  asOf: Instant,
): Promise<{ market: MarketCell[]; partners: Company[] }> {
  const partners: Company[] = [];
  for await (const page of partnersKnown(database, asOf)) {
    for (const { profile, known } of page) if (isDescribed(profile) && !hasEnded(known)) partners.push(known);
  }
  return { market: await marketCells(database, asOf), partners };
}

/** Whether more was known of a partner than that events name it. */
function isDescribed({ signed, agreements, attributes }: Profile): boolean {
  return signed.length + agreements.length + attributes.length > 0;
}

async function marketCells(database: Database, asOf: Instant): Promise<MarketCell[]> {
  return database.query<MarketCell>(
    `select distinct on (lower(trim(segment)), lower(trim(region))) trim(segment) as segment, trim(region) as region, companies
     from market
     where day < $1::timestamptz
       and (case when lag_days is null then known_at else least(known_at, day + lag_days * interval '1 day') end) < $1
     order by lower(trim(segment)), lower(trim(region)), day desc, known_at desc`,
    [new Date(asOf)],
  );
}
