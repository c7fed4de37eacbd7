import {
  type Agreement,
  type AttributeVersion,
  DAY,
  type EndReason,
  type EventColumns,
  EventColumnsBuilder,
  type EventRow,
  type Instant,
  type Profile,
} from '../features/index.ts';
import { doubleField, instantField, readCopyBinary, textField } from './copy-binary.ts';
import { type Database, literal } from './database.ts';

/** Which facts to read. */
export interface Known {
  /** Only what was known before this moment; Infinity for all of it. */
  knownBefore: Instant;
  /** Only what loads up to this one brought; all of them when undefined. */
  upToLoad?: number | undefined;
}

/**
 * The facts of some partners as the store has them: money in its own currency.
 * @param partners ids in ascending order of their bytes; those nothing is known of have no rows
 */
export async function readPartners(
  database: Database,
  partners: readonly string[],
  { knownBefore }: Known,
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
    builder.add(row);
  }
  beginUpTo(undefined);
  return builder.build();
}

function selectEvents(partners: readonly string[], knownBefore: Instant): string {
  const before = knownBefore === Number.POSITIVE_INFINITY ? 'infinity' : new Date(knownBefore).toISOString();
  return `select partner_id, happened_at, known_at, replaced_at, kind, contact_id, product, account_id, deal_id,
    value, currency
    from partner_event
    where partner_id in (${partners.map(literal).join(', ')}) and known_at < ${literal(before)}
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
  const range = [[...partners], knownBefore === Number.POSITIVE_INFINITY ? 'infinity' : new Date(knownBefore)];
  for (const row of await database.query<{ partner_id: string; signed_on: string; known_at: Date }>(
    `select partner_id, signed_on, known_at from partner
     where partner_id = any($1) and known_at < $2 and signed_on is not null order by partner_id, known_at`,
    range,
  )) {
    of(row.partner_id).signed.push({ at: midnight(row.signed_on), knownAt: row.known_at.getTime() });
  }
  for (const row of await database.query<AgreementRow>(
    `select partner_id, agreement_id, known_at, lag_days, starts_on, renews_on, notice_days, ended_on, end_reason
     from agreement
     where partner_id = any($1) and (known_at < $2 or lag_days is not null)
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
