import {
  type Agreement,
  type AttributeVersion,
  DAY,
  type EndReason,
  type EventColumns,
  EventColumnsBuilder,
  type EventRow,
  type FactSource,
  type Instant,
  type Profile,
  RateBook,
  type TrackingStart,
} from '../features/index.ts';
import { doubleField, instantField, readCopyBinary, textField } from './copy-binary.ts';
import { type Database, literal } from './database.ts';
import { readRates } from './rates.ts';

/** Partners read together: memory is bounded by their events. */
const PARTNERS_PER_RANGE = 1000;

/**
 * The facts of a database, range by range of partners.
 * @param reportingCurrency ISO 4217 code of the currency that money in others is converted to
 */
export function factsIn(database: Database, reportingCurrency: string): FactSource {
  return {
    tracking: () => tracking(database),
    watermark: (kinds) => watermark(database, kinds),
    partners: () => countPartners(database),
    async *ranges(knownBefore) {
      const rates = new RateBook(reportingCurrency, await readRates(database, knownBefore));
      let after: string | null = null;
      for (;;) {
        const partners: string[] = await nextPartners(database, after);
        if (partners.length === 0) return;
        yield readRange(database, rates, partners, knownBefore);
        after = partners[partners.length - 1];
      }
    },
  };
}

async function tracking(database: Database): Promise<TrackingStart[]> {
  const rows = await database.query<{ kind: string; known_on: Date; since: Date }>(
    'select kind, known_on, min(since) as since from event_tracking group by kind, known_on order by kind, known_on',
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

async function watermark(database: Database, kinds: ReadonlySet<string>): Promise<Instant | null> {
  const [{ oldest }] = await database.query<{ oldest: Date | null }>(
    `select min(latest) as oldest from (
       select max(load.watermark) as latest from load
       where load.target in ('events', 'deals') and load.source in (
         select source from load join event_tracking using (load_id) where kind = any($1))
       group by load.source) as sources`,
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

async function readRange(
  database: Database,
  rates: RateBook,
  partners: readonly string[],
  knownBefore: Instant,
): Promise<EventColumns> {
  const profiles = await readProfiles(database, partners, knownBefore);
  const builder = new EventColumnsBuilder();
  let begun = 0;
  const beginUpTo = (partnerId: string | undefined) => {
    while (begun < partners.length) {
      const next = partners[begun++];
      builder.beginPartner(next, profiles.get(next));
      if (next === partnerId) return;
    }
  };
  let current: string | undefined;
  for await (const fields of readCopyBinary(database.copyOut(selectEvents(partners, knownBefore)))) {
    const partnerId = textField(fields[0]) ?? '';
    if (partnerId !== current) {
      beginUpTo(partnerId);
      current = partnerId;
    }
    const row: EventRow = {
      happenedAt: instantField(fields[1]) ?? Number.NaN,
      knownAt: instantField(fields[2]) ?? Number.NaN,
      replacedAt: instantField(fields[3]) ?? Number.POSITIVE_INFINITY,
      kind: textField(fields[4]) ?? '',
      contactId: textField(fields[5]),
      product: textField(fields[6]),
      accountId: textField(fields[7]),
      dealId: textField(fields[8]),
      value: doubleField(fields[9]),
      currency: textField(fields[10]),
    };
    if (!rates.isForeign(row.currency)) builder.add(row);
    else for (const version of rates.convert(row)) builder.add(version);
  }
  beginUpTo(undefined);
  return builder.build();
}

function selectEvents(partners: readonly string[], knownBefore: Instant): string {
  const [first, last] = [partners[0], partners[partners.length - 1]].map(literal);
  return `select partner_id, happened_at, known_at, replaced_at, kind, contact_id, product, account_id, deal_id,
    value, currency
    from partner_event
    where partner_id between ${first} and ${last} and known_at < ${literal(new Date(knownBefore).toISOString())}
    order by partner_id, happened_at, known_at, event_id`;
}

async function readProfiles(
  database: Database,
  partners: readonly string[],
  knownBefore: Instant,
): Promise<Map<string, Profile>> {
  const profiles = new Map<
    string,
    { signed: Profile['signed'][number][]; agreements: Agreement[]; attributes: AttributeVersion[] }
  >();
  const of = (partnerId: string) => {
    const profile = profiles.get(partnerId) ?? { signed: [], agreements: [], attributes: [] };
    profiles.set(partnerId, profile);
    return profile;
  };
  const range = [partners[0], partners[partners.length - 1], new Date(knownBefore)];
  for (const row of await database.query<{ partner_id: string; signed_on: string; known_at: Date }>(
    `select partner_id, signed_on, known_at from partner
     where partner_id between $1 and $2 and known_at < $3 and signed_on is not null order by partner_id, known_at`,
    range,
  )) {
    of(row.partner_id).signed.push({ at: midnight(row.signed_on), knownAt: row.known_at.getTime() });
  }
  for (const row of await database.query<AgreementRow>(
    `select partner_id, agreement_id, known_at, lag_days, starts_on, renews_on, notice_days, ended_on, end_reason
     from agreement
     where partner_id between $1 and $2 and (known_at < $3 or lag_days is not null)
     order by partner_id, agreement_id, known_at`,
    range,
  )) {
    of(row.partner_id).agreements.push(...agreementVersions(row).filter(({ knownAt }) => knownAt < knownBefore));
  }
  return profiles;
}

/**
 * What a stored row tells of an agreement. One loaded as history tells that it began when it began; how it was to be
 * renewed then is not known, and that it ended, or what stands today, only from when it was known.
 */
function agreementVersions(row: AgreementRow): Agreement[] {
  const begun = { id: row.agreement_id, startsOn: midnight(row.starts_on) };
  const version = {
    ...begun,
    renewsOn: row.renews_on === null ? null : midnight(row.renews_on),
    noticeDays: row.notice_days,
    endedOn: row.ended_on === null ? null : midnight(row.ended_on),
    endReason: row.end_reason,
    knownAt: row.known_at.getTime(),
  };
  if (row.lag_days === null) return [version];
  const beginning = { ...begun, renewsOn: null, noticeDays: null, endedOn: null, endReason: null };
  return [{ ...beginning, knownAt: begun.startsOn + row.lag_days * DAY }, version];
}

interface AgreementRow {
  lag_days: number | null;
  partner_id: string;
  agreement_id: string;
  known_at: Date;
  starts_on: string;
  renews_on: string | null;
  notice_days: number | null;
  ended_on: string | null;
  end_reason: EndReason;
}

function midnight(day: string): Instant {
  return Date.parse(`${day}T00:00:00Z`);
}
