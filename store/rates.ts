import { type ExchangeRate, RATE_HOLDS_DAYS } from '../features/index.ts';
import { visitCopyRows } from './copy-binary.ts';
import type { Database } from './database.ts';
import { type Known, loadedUpTo } from './known.ts';

/** Exchange rates, corrections and what they correct. */
export async function readRates(database: Database, known: Known): Promise<ExchangeRate[]> {
  const rates: ExchangeRate[] = [];
  const select = `select currency, day::timestamptz, known_at, rate from fx_rate where ${loadedUpTo(known)}`;
  await visitCopyRows(database.copyOut(select), 4, (row) => {
    const knownAt = row.instant(2);
    if (knownAt >= known.knownBefore) return;
    rates.push({ currency: row.text(0) ?? '', day: row.instant(1), knownAt, rate: row.double(3) });
  });
  return rates;
}

/**
 * How many of the events and deals with money that happened in [from, to) no rate holds for, by currency, the most
 * first. Reads each of the tables once and computes no versions: cheap beside a pass over the facts.
 */
export async function withoutRate(
  database: Database,
  reportingCurrency: string,
  from: Date,
  to: Date,
): Promise<{ currency: string; facts: number }[]> {
  return database.query(
    `with held as (
       select distinct currency, day + age as day from fx_rate cross join generate_series(0, $4::int) as age
     ), fact as (
       select currency, happened_at, partner_id, event_id as id from event where value is not null
       union all
       select currency, greatest(submitted_at, decided_at, closed_at), null, deal_id from deal where amount is not null
     )
     select currency, count(distinct (partner_id, id)) as facts from fact
     where currency <> $1 and happened_at >= $2 and happened_at < $3 and not exists (
       select 1 from held where held.currency = fact.currency and held.day = fact.happened_at::date)
     group by currency order by facts desc, currency`,
    [reportingCurrency, from, to, RATE_HOLDS_DAYS],
  );
}
