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

async function tracking(database: Database, upToLoad: number | undefined): Promise<TrackingStart[]> {
  const rows = await database.query<{ kind: string; known_on: Date; since: Date }>(
    `select kind, known_on, min(since) as since from event_tracking where ${loadedUpTo({ upToLoad })}
     group by kind, known_on order by kind, known_on`,
  );
  const starts: TrackingStart[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  for (const { kind, known_on, since } of rows) {
    if (starts.at(-1)?.kind !== kind) earliest = Number.POSITIVE_INFINITY;
    if (since.getTime() >= earliest) continue;
    earliest = since.getTime();
    starts.push({ kind, knownBy: known_on.getTime(), since: earliest });
  }
  return starts;
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
