import { type ExchangeRate, type Instant, RATE_HOLDS_DAYS } from '../features/index.ts';
import { doubleField, instantField, readCopyBinary, textField } from './copy-binary.ts';
import { type Database, literal } from './database.ts';

/** The exchange rates known before a moment, corrections and what they correct. */
export async function readRates(database: Database, knownBefore: Instant): Promise<ExchangeRate[]> {
  const rates: ExchangeRate[] = [];
  const select = `select currency, day::timestamptz, known_at, rate from fx_rate
    where known_at < ${literal(new Date(knownBefore).toISOString())}`;
  for await (const fields of readCopyBinary(database.copyOut(select))) {
    rates.push({
      currency: textField(fields[0]) ?? '',
      day: instantField(fields[1]) ?? Number.NaN,
      knownAt: instantField(fields[2]) ?? Number.NaN,
      rate: doubleField(fields[3]) ?? Number.NaN,
    });
  }
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
