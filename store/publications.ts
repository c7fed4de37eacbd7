import type { Instant } from '../models/index.ts';
import type { Database } from './database.ts';

/** A list of scores that stands: for this model and day, of this version. */
export interface Publication {
  model: string;
  version: string;
  asOf: Instant;
  watermark: Instant;
  scored: number;
  publishedAt: Instant;
  /** What it was made from; null where it was published before this was kept. */
  made: Made | null;
}

/** What a list of scores was made from. */
export interface Made {
  /** The last load that was there. */
  loadId: number;
  settings: ScoreSettings;
  /** The run that published it (see `runId`); null where the list was asked for by itself. */
  run: string | null;
}

/** The settings that a score depends on, by the names they are declared by. */
export interface ScoreSettings {
  qualifying_kinds: string[];
  reporting_currency: string;
  team_capacity: number;
}

/** Says that a list stands, in place of the one that stood for the same model and day. Call it in a transaction. */
export async function keepPublication(transaction: Database, publication: Publication): Promise<void> {
  const { model, version, asOf, made } = publication;
  await transaction.query(
    `insert into publication (model, as_of, version, watermark, scored, published_at, load_id, settings, run)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
     on conflict (model, as_of) do update set version = excluded.version, watermark = excluded.watermark,
       scored = excluded.scored, published_at = excluded.published_at, load_id = excluded.load_id,
       settings = excluded.settings, run = excluded.run`,
    [
      model,
      new Date(asOf),
      version,
      new Date(publication.watermark),
      publication.scored,
      new Date(publication.publishedAt),
      made?.loadId ?? null,
      made === null ? null : JSON.stringify(made.settings),
      made?.run ?? null,
    ],
  );
}

/** The latest list of a model, or that of a day; null when there is none. */
export async function publicationOf(database: Database, model: string, asOf?: Instant): Promise<Publication | null> {
  const [row] = await database.query<PublicationRow>(
    `select * from publication
     where model = $1 and ($2::timestamptz is null or as_of = $2) order by as_of desc limit 1`,
    [model, asOf === undefined ? null : new Date(asOf)],
  );
  return row ? toPublication(row) : null;
}

/** A list as the table has it. */
interface PublicationRow {
  model: string;
  version: string;
  as_of: Date;
  watermark: Date;
  scored: number;
  published_at: Date;
  load_id: number | null;
  settings: ScoreSettings | null;
  run: string | null;
}

/** A list from its row. */
function toPublication(row: PublicationRow): Publication {
  const { load_id: loadId, settings, run } = row;
  return {
    model: row.model,
    version: row.version,
    asOf: row.as_of.getTime(),
    watermark: row.watermark.getTime(),
    scored: row.scored,
    publishedAt: row.published_at.getTime(),
    made: loadId === null || settings === null ? null : { loadId, settings, run },
  };
}

/** Which lists to take; everything is optional. */
export interface PublicationFilter {
  model?: string | undefined;
  asOf?: Instant | undefined;
  /** The run that published it (see `runId`). */
  run?: string | undefined;
}

/** The lists that stand, by day and model. */
export async function publications(
  database: Database,
  { model, asOf, run }: PublicationFilter = {},
): Promise<Publication[]> {
  const rows = await database.query<PublicationRow>(
    `select * from publication where ($1::text is null or model = $1) and ($2::timestamptz is null or as_of = $2)
       and ($3::text is null or run = $3)
     order by as_of, model`,
    [model ?? null, asOf === undefined ? null : new Date(asOf), run ?? null],
  );
  return rows.map(toPublication);
}
