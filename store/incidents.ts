import type { Incident, Verdicts } from '../models/index.ts';
import type { Database } from './database.ts';

/** What people may say of an incident. */
export const VERDICTS = ['real', 'known_cause', 'noise'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** An incident as it stands, with what people said of it last. */
export interface StoredIncident extends Incident {
  /** ISO 4217 code of its money. */
  currency: string | null;
  verdict: Verdict | null;
}

/** What a week came to. */
export interface IncidentWeek {
  /** The Monday that begins it. */
  week: number;
  asOf: number;
  /** The last load that was there, and the settings that it depends on. */
  loadId: number;
  settings: Record<string, unknown>;
  /** Series of partners that were told of; of those, too few for a dip to show; anomalies found among them. */
  tested: number;
  tooFew: number;
  found: number;
  opened: number;
  /** Open incidents for which there was no room on the list. */
  leftOut: number;
}

/** The latest week that has been looked at, of those before a moment; null when there is none. */
export async function lastIncidentWeek(database: Database, before?: Date): Promise<IncidentWeek | null> {
  const [row] = await database.query<Omit<IncidentWeek, 'week' | 'asOf'> & { week: Date; asOf: Date }>(
    `select week, as_of as "asOf", load_id as "loadId", settings, tested, too_few as "tooFew", found, opened,
       left_out as "leftOut"
     from incident_week where $1::timestamptz is null or week < $1 order by week desc limit 1`,
    [before ?? null],
  );
  return row ? { ...row, week: row.week.getTime(), asOf: row.asOf.getTime() } : null;
}

/** Incidents as they stood before a week, those that were closed left out when last seen before `seenSince`. */
export async function incidentsBefore(database: Database, week: Date, seenSince: Date): Promise<Incident[]> {
  const rows = await database.query<{ details: Incident }>(
    `select details from (
       select distinct on (incident_id) incident_id, status, last_seen, details from incident where week < $1
       order by incident_id, week desc) as latest
     where status = 'open' or last_seen >= $2 order by incident_id`,
    [week, seenSince],
  );
  return rows.map(({ details }) => details);
}

/** Keeps what a week came to, in place of what it had come to before. */
export async function keepIncidentWeek(
  transaction: Database,
  week: IncidentWeek,
  incidents: readonly Incident[],
  currency: string,
): Promise<void> {
  const monday = new Date(week.week);
  for (const table of ['incident', 'incident_partner', 'incident_week']) {
    await transaction.query(`delete from ${table} where week = $1`, [monday]);
  }
  for (const incident of incidents) await keepIncident(transaction, incident, monday, currency);
  const { asOf, loadId, settings, tested, tooFew, found, opened, leftOut } = week;
  await transaction.query(
    `insert into incident_week (week, as_of, load_id, settings, tested, too_few, found, opened, left_out)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9)`,
    [monday, new Date(asOf), loadId, JSON.stringify(settings), tested, tooFew, found, opened, leftOut],
  );
}

async function keepIncident(transaction: Database, incident: Incident, week: Date, currency: string): Promise<void> {
  const { id, level, entity, feed, metric, direction, kind, status, observed, expected, p, surprise } = incident;
  await transaction.query(
    `insert into incident (incident_id, week, level, entity_id, feed, metric, direction, kind, status, since, last_seen,
       listed_on, observed, expected, p, surprise, money_minor, currency, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::jsonb)`,
    [
      ...[id, week, level, entity, feed, metric, direction, kind, status],
      ...[new Date(incident.since), new Date(incident.lastSeen), instantOrNull(incident.listedOn)],
      ...[observed, expected, p, surprise, incident.moneyMinor, incident.moneyMinor === null ? null : currency],
      JSON.stringify(incident),
    ],
  );
  await transaction.query(
    `insert into incident_partner (partner_id, incident_id, week) select unnest($1::text[]), $2, $3`,
    [[...incident.partners], id, week],
  );
}

function instantOrNull(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

/** Which incidents to take; everything is optional. */
export interface IncidentFilter {
  status?: Incident['status'] | undefined;
  /** Only those that are shown to people, not those the week's budget left out. */
  listed?: boolean | undefined;
  level?: Incident['level'] | undefined;
  /** Only those that show in this partner. */
  partnerId?: string | undefined;
  id?: string | undefined;
  limit: number;
}

interface IncidentRow {
  details: Incident;
  currency: string | null;
  verdict: Verdict | null;
}

/** Incidents as they stand: open ones first, then those seen last, the highest level and the most surprising first. */
export async function incidents(database: Database, filter: IncidentFilter): Promise<StoredIncident[]> {
  const rows = await database.query<IncidentRow>(
    `select details, currency, verdict from (
       select distinct on (incident_id) * from incident where $5::text is null or incident_id = $5
       order by incident_id, week desc) as latest
       left join (select distinct on (incident_id) incident_id, verdict from incident_feedback
                  order by incident_id, feedback_id desc) as said using (incident_id)
     where ($1::text is null or status = $1) and ($2::boolean is null or (listed_on is not null) = $2)
       and ($3::text is null or level = $3)
       and ($4::text is null or incident_id in (select incident_id from incident_partner where partner_id = $4))
     order by status = 'open' desc, case when status = 'open' then null else last_seen end desc,
       array_position(array['feed', 'program', 'region', 'segment', 'partner'], level), surprise desc, incident_id
     limit $6`,
    [
      filter.status ?? null,
      filter.listed ?? null,
      filter.level ?? null,
      filter.partnerId ?? null,
      filter.id ?? null,
      filter.limit,
    ],
  );
  return rows.map(({ details, currency, verdict }) => ({ ...details, currency, verdict }));
}

/** One incident as it stands; null where there is none of this id. */
export async function incidentWithId(database: Database, id: string): Promise<StoredIncident | null> {
  const [incident] = await incidents(database, { id, limit: 1 });
  return incident ?? null;
}

/** Keeps what someone said of an incident; false where there is no such incident. */
export async function keepFeedback(database: Database, id: string, verdict: Verdict, now: Date): Promise<boolean> {
  const kept = await database.execute(
    `insert into incident_feedback (incident_id, verdict, given_at)
     select $1, $2, $3 where exists (select 1 from incident where incident_id = $1)`,
    [id, verdict, now],
  );
  return kept > 0;
}

/** How many incidents people have judged, by their latest verdict. */
export async function verdicts(database: Database): Promise<Verdicts> {
  const rows = await database.query<{ verdict: Verdict; judged: number }>(
    `select verdict, count(*) as judged from (
       select distinct on (incident_id) verdict from incident_feedback order by incident_id, feedback_id desc) as said
     group by verdict`,
  );
  const counted = { real: 0, known_cause: 0, noise: 0 };
  for (const { verdict, judged } of rows) counted[verdict] = judged;
  return counted;
}

/** Which sources have brought events of which kinds. */
export async function sourcesOfKinds(database: Database): Promise<{ source: string; kind: string }[]> {
  return database.query(
    'select distinct source, kind from event_tracking join load using (load_id) order by source, kind',
  );
}
