import {
  type Agreement,
  type AttributeVersion,
  DAY,
  type EndReason,
  type Instant,
  type Profile,
} from '../features/index.ts';
import { readAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import { type Known, loadedUpTo } from './known.ts';

/** What is known of some partners besides their events, in the order of their ids. */
export async function readProfiles(database: Database, partners: readonly string[], known: Known): Promise<Profile[]> {
  const places = new Map(partners.map((partner, place) => [partner, place]));
  const profiles = partners.map(() => ({
    signed: [] as Profile['signed'][number][],
    agreements: [] as Agreement[],
    attributes: [] as AttributeVersion[],
  }));
  const of = (partnerId: string) => profiles[places.get(partnerId) as number];
  for (const row of await database.query<{ partner_id: string; signed_on: string; known_at: Date }>(
    `select partner_id, signed_on, known_at from partner
     where partner_id = any($1) and signed_on is not null and ${loadedUpTo(known)} order by partner_id, known_at`,
    [partners],
  )) {
    of(row.partner_id).signed.push({ at: midnight(row.signed_on), knownAt: row.known_at.getTime() });
  }
  for (const row of await database.query<AgreementRow>(
    `select partner_id, agreement_id, known_at, lag_days, starts_on, renews_on, notice_days, ended_on, end_reason
     from agreement where partner_id = any($1) and ${loadedUpTo(known)} order by partner_id, agreement_id, known_at`,
    [partners],
  )) {
    of(row.partner_id).agreements.push(...agreementVersions(row));
  }
  for (const { partnerId, ...version } of await readAttributes(database, partners, known)) {
    of(partnerId).attributes.push(version);
  }
  const isKnown = ({ knownAt }: { knownAt: Instant }) => knownAt < known.knownBefore;
  return profiles.map(({ signed, agreements, attributes }) => ({
    signed: signed.filter(isKnown),
    agreements: agreements.filter(isKnown),
    attributes,
  }));
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
