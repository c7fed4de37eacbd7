import { convertMoney, type FactSource, type Instant, RateBook, type TrackingStart } from '../features/index.ts';
import type { Database } from './database.ts';
import { loadedUpTo } from './known.ts';
import { readPartners } from './partner-facts.ts';
import { readRates } from './rates.ts';

/** Partners read together: memory is bounded by their events. */
const PARTNERS_PER_RANGE = 1000;

/**
 * The facts of a database, range by range of partners.
 * @param reportingCurrency ISO 4217 code of the currency that money in others is converted to
 * @param upToLoad when given, only what loads up to this one brought: facts are never updated, so this is what the
 *   store held when it was the last
 */
export function factsIn(database: Database, reportingCurrency: string, upToLoad?: number): FactSource {
  return {
    tracking: () => tracking(database, upToLoad),
    watermark: (kinds) => watermark(database, kinds, upToLoad),
    partners: () => countPartners(database),
    async *ranges(knownBefore) {
      const known = { knownBefore, upToLoad };
      const rates = new RateBook(reportingCurrency, await readRates(database, known));
      let after: string | null = null;
      for (;;) {
        const partners: string[] = await nextPartners(database, after);
        if (partners.length === 0) return;
        yield convertMoney(await readPartners(database, partners, known), rates);
        after = partners[partners.length - 1];
      }
    },
  };
}

/** Per kind the days on which the records were found to reach further back; asked of the database, since few of its rows do. */
async function tracking(database: Database, upToLoad: number | undefined): Promise<TrackingStart[]> {
  const rows = await database.query<{ kind: string; known_on: Date; since: Date }>(
    `select kind, known_on, since from (
       select kind, known_on, min(since) as since,
         min(min(since)) over (partition by kind order by known_on rows between unbounded preceding and 1 preceding)
           as before
       from event_tracking where ${loadedUpTo({ upToLoad })} group by kind, known_on) as day
     where before is null or since < before order by kind, known_on`,
  );
  return rows.map(({ kind, known_on, since }) => ({ kind, knownBy: known_on.getTime(), since: since.getTime() }));
}

async function watermark(
  database: Database,
  kinds: ReadonlySet<string>,
  upToLoad: number | undefined,
): Promise<Instant | null> {
  const [{ oldest }] = await database.query<{ oldest: Date | null }>(
    `with done as (select * from load where ${loadedUpTo({ upToLoad })})
     select min(latest) as oldest from (
       select max(done.watermark) as latest from done
       where done.target in ('events', 'deals') and done.source in (
         select source from done join event_tracking using (load_id) where kind = any($1))
       group by done.source) as sources`,
    [[...kinds]],
  );
  return oldest === null ? null : oldest.getTime();
}

async function countPartners(database: Database): Promise<number> {
  const [{ partners }] = await database.query<{ partners: number }>('select count(*) as partners from partner_key');
  return partners;
}

async function nextPartners(database: Database, after: string | null): Promise<string[]> {
  const rows = await database.query<{ partner_id: string }>(
    `select partner_id from partner_key where $1::text is null or partner_id > $1
     order by partner_id limit ${PARTNERS_PER_RANGE}`,
    [after],
  );
  return rows.map((row) => row.partner_id);
}
