import type { DriftWatch, Instant, ListResult } from '../models/index.ts';
import type { Database } from './database.ts';
import type { Publication } from './publications.ts';

/** What the inputs of a list were like. */
export interface WatchRecord {
  asOf: Instant;
  version: string;
  drift: DriftWatch;
}

/**
 * How a list did.
 * @typeParam Result of the sort of the model
 */
export interface ScoreboardRow<Result = ListResult> {
  asOf: Instant;
  version: string;
  knownUntil: Instant;
  result: Result;
}

/** Keeps what the inputs of a list were like, in place of what was kept for the same day. */
export async function keepWatch(database: Database, model: string, { asOf, version, drift }: WatchRecord) {
  await database.query(
    `insert into watch (model, as_of, version, drift) values ($1, $2, $3, $4::jsonb)
     on conflict (model, as_of) do update set version = excluded.version, drift = excluded.drift`,
    [model, new Date(asOf), version, JSON.stringify(drift)],
  );
}

/** The watches of a model, the latest first. */
export async function watchesOf(database: Database, model: string, limit: number): Promise<WatchRecord[]> {
  const rows = await database.query<{ as_of: Date; version: string; drift: DriftWatch }>(
    'select as_of, version, drift from watch where model = $1 order by as_of desc limit $2',
    [model, limit],
  );
  return rows.map(({ as_of, ...row }) => ({ asOf: as_of.getTime(), ...row }));
}

/** The last day before another on which the inputs of a model were looked at; null when there is none. */
export async function lastWatch(database: Database, model: string, before: Instant): Promise<Instant | null> {
  const [{ day }] = await database.query<{ day: Date | null }>(
    'select max(as_of) as day from watch where model = $1 and as_of < $2',
    [model, new Date(before)],
  );
  return day === null ? null : day.getTime();
}

/** Keeps how a list did, in place of what was kept for the same day. */
export async function keepResult<Result>(database: Database, model: string, row: ScoreboardRow<Result>): Promise<void> {
  await database.query(
    `insert into scoreboard (model, as_of, version, result, known_until) values ($1, $2, $3, $4::jsonb, $5)
     on conflict (model, as_of) do update set version = excluded.version, result = excluded.result,
       known_until = excluded.known_until`,
    [model, new Date(row.asOf), row.version, JSON.stringify(row.result), new Date(row.knownUntil)],
  );
}

/**
 * How the lists of a model did whose time is over, the latest first.
 * @typeParam Result of the sort of the model, which is what was kept
 */
export async function scoreboardOf<Result = ListResult>(
  database: Database,
  model: string,
  limit: number,
): Promise<ScoreboardRow<Result>[]> {
  const rows = await database.query<{ as_of: Date; version: string; known_until: Date; result: Result }>(
    'select as_of, version, known_until, result from scoreboard where model = $1 order by as_of desc limit $2',
    [model, limit],
  );
  return rows.map(({ as_of, known_until, ...row }) => ({
    asOf: as_of.getTime(),
    knownUntil: known_until.getTime(),
    ...row,
  }));
}

/** The lists of a model up to a day that have not been counted yet, oldest first. */
export async function uncountedLists(
  database: Database,
  model: string,
  upTo: Instant,
): Promise<Pick<Publication, 'model' | 'asOf' | 'version'>[]> {
  const rows = await database.query<{ as_of: Date; version: string }>(
    `select publication.as_of, publication.version from publication left join scoreboard using (model, as_of, version)
     where model = $1 and as_of <= $2 and scoreboard.result is null order by as_of`,
    [model, new Date(upTo)],
  );
  return rows.map(({ as_of, version }) => ({ model, asOf: as_of.getTime(), version }));
}
