import type { Instant, ModelCard, SavedVersion } from '../models/index.ts';
import type { Database } from './database.ts';

/** A registered version of a scoring model. */
export interface RegisteredVersion extends SavedVersion {
  trainedUntil: Instant;
  card: ModelCard;
}

/** Registers a version; the same one again changes nothing, but mends one that was damaged. */
export async function registerVersion(
  database: Database,
  saved: SavedVersion,
  card: ModelCard,
  now: Date,
): Promise<void> {
  await database.query(
    `insert into model_version (model, version, trained_until, parameters, checksum, card, created_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7) on conflict (model, version) do update set
       parameters = excluded.parameters, checksum = excluded.checksum, card = excluded.card
     where (model_version.parameters, model_version.checksum) is distinct from (excluded.parameters, excluded.checksum)`,
    [saved.model, saved.version, new Date(card.trainedUntil), saved.text, saved.checksum, JSON.stringify(card), now],
  );
}

interface Row {
  model: string;
  version: string;
  trained_until: Date;
  parameters: string;
  checksum: string;
  card: ModelCard;
}

/** The version to score a day with: the latest that had learnt from nothing later; null when there is none. */
export async function versionFor(database: Database, model: string, asOf: Instant): Promise<RegisteredVersion | null> {
  const [row] = await database.query<Row>(
    `select model, version, trained_until, parameters, checksum, card from model_version
     where model = $1 and trained_until <= $2 order by trained_until desc, created_at desc, version limit 1`,
    [model, new Date(asOf)],
  );
  return row ? registered(row) : null;
}

/** One version by its name; null when there is none. */
export async function versionNamed(
  database: Database,
  model: string,
  version: string,
): Promise<RegisteredVersion | null> {
  const [row] = await database.query<Row>(
    `select model, version, trained_until, parameters, checksum, card from model_version
     where model = $1 and version = $2`,
    [model, version],
  );
  return row ? registered(row) : null;
}

function registered({ trained_until, parameters, ...row }: Row): RegisteredVersion {
  return { ...row, text: parameters, trainedUntil: trained_until.getTime() };
}
