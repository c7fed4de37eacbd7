import type { ClassModelCard, Instant, ModelCard, Promotion, SavedVersion } from '../models/index.ts';
import type { Database } from './database.ts';

/** What is known of a version: of an outcome, or of several classes; which of them, the model tells. */
export type AnyCard = ModelCard | ClassModelCard;

/** A registered version of a scoring model. */
export interface RegisteredVersion<Card extends AnyCard = ModelCard> extends SavedVersion {
  trainedUntil: Instant;
  card: Card;
  createdAt: Instant;
}

/** Registers a version, which is not in use by that; the same one again changes nothing, but mends one that was damaged. */
export async function registerVersion(
  database: Database,
  saved: SavedVersion,
  card: AnyCard,
  now: Date,
): Promise<void> {
  await database.query(
    `insert into model_version (model, version, trained_until, parameters, numbers, checksum, card, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8) on conflict (model, version) do update set
       parameters = excluded.parameters, numbers = excluded.numbers, checksum = excluded.checksum, card = excluded.card
     where (model_version.parameters, model_version.numbers, model_version.checksum)
       is distinct from (excluded.parameters, excluded.numbers, excluded.checksum)`,
    [
      saved.model,
      saved.version,
      new Date(card.trainedUntil),
      saved.text,
      saved.numbers,
      saved.checksum,
      JSON.stringify(card),
      now,
    ],
  );
}

/** Puts a version in use, or back in use; the decision stays on record. */
export async function promoteVersion(database: Database, model: string, promotion: Promotion): Promise<void> {
  const { version, inUseFrom, kind, decidedBy, why, decidedAt } = promotion;
  await database.query(
    `insert into promotion (model, version, in_use_from, kind, decided_by, why, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [model, version, new Date(inUseFrom), kind, decidedBy, why, new Date(decidedAt)],
  );
}

/** What was decided about which version of a model is in use, in the order that `versionsInUse` asks for. */
export async function promotionsOf(database: Database, model: string): Promise<Promotion[]> {
  const rows = await database.query<
    Pick<Promotion, 'version' | 'kind' | 'decidedBy' | 'why'> & { inUseFrom: Date; decidedAt: Date }
  >(
    `select version, in_use_from as "inUseFrom", kind, decided_by as "decidedBy", why, decided_at as "decidedAt"
     from promotion where model = $1 order by in_use_from, promotion_id`,
    [model],
  );
  return rows.map((row) => ({ ...row, inUseFrom: row.inUseFrom.getTime(), decidedAt: row.decidedAt.getTime() }));
}

interface Row<Card extends AnyCard> {
  model: string;
  version: string;
  trained_until: Date;
  parameters: string;
  numbers: Uint8Array | null;
  checksum: string;
  card: Card;
  created_at: Date;
}

const SELECT =
  'select model, version, trained_until, parameters, numbers, checksum, card, created_at from model_version';

/**
 * One version by its name with all it takes to score with it; null when there is none.
 * @typeParam Card of the sort of the model, which is what training registered
 */
export async function storedVersion<Card extends AnyCard = ModelCard>(
  database: Database,
  model: string,
  version: string,
): Promise<RegisteredVersion<Card> | null> {
  const [row] = await database.query<Row<Card>>(`${SELECT} where model = $1 and version = $2`, [model, version]);
  return row ? registered(row) : null;
}

/** What is registered, without what it takes to score with it. */
export type ListedVersion<Card extends AnyCard = ModelCard> = Pick<
  RegisteredVersion<Card>,
  'model' | 'version' | 'trainedUntil' | 'createdAt' | 'card'
>;

/** One version by its name, without what it takes to score with it; null when there is none. */
export async function versionNamed<Card extends AnyCard = ModelCard>(
  database: Database,
  model: string,
  version: string,
): Promise<ListedVersion<Card> | null> {
  const listed = await listVersions<Card>(database, 'model = $1 and version = $2', [model, version]);
  return listed[0] ?? null;
}

/**
 * The versions of a model, the one that learnt from the latest facts first.
 * @typeParam Card of the sort of the model, which is what training registered
 */
export async function versionsOf<Card extends AnyCard = ModelCard>(
  database: Database,
  model: string,
): Promise<ListedVersion<Card>[]> {
  return listVersions(database, 'model = $1', [model]);
}

async function listVersions<Card extends AnyCard>(
  database: Database,
  which: string,
  parameters: unknown[],
): Promise<ListedVersion<Card>[]> {
  const rows = await database.query<Pick<Row<Card>, 'model' | 'version' | 'trained_until' | 'created_at' | 'card'>>(
    `select model, version, trained_until, card, created_at from model_version where ${which}
     order by trained_until desc, created_at desc, version`,
    parameters,
  );
  return rows.map(({ trained_until, created_at, ...row }) => ({
    ...row,
    trainedUntil: trained_until.getTime(),
    createdAt: created_at.getTime(),
  }));
}

/** Until when the last training up to a day learnt, whether or not its version is in use; null when there was none. */
export async function lastTrained(database: Database, model: string, asOf: Instant): Promise<Instant | null> {
  const [{ until }] = await database.query<{ until: Date | null }>(
    'select max(trained_until) as until from model_version where model = $1 and trained_until <= $2',
    [model, new Date(asOf)],
  );
  return until === null ? null : until.getTime();
}

function registered<Card extends AnyCard>({
  trained_until,
  created_at,
  parameters,
  numbers,
  ...row
}: Row<Card>): RegisteredVersion<Card> {
  return {
    ...row,
    text: parameters,
    numbers: numbers ?? new Uint8Array(),
    trainedUntil: trained_until.getTime(),
    createdAt: created_at.getTime(),
  };
}
