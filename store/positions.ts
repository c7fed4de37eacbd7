import type { Database } from './database.ts';
import type { InputName } from './inputs.ts';

/** How far a relation has been read. */
export interface Position {
  position: string;
  /** The trace of the rows that bore that watermark; null when the reading broke off there. */
  rowsThere: string | null;
  /** Whether the end has been reached once. */
  caughtUp: boolean;
}

/** How far a relation has been read; undefined before its first piece. */
export async function positionOf(
  database: Database,
  source: string,
  input: InputName,
  relation: string,
): Promise<Position | undefined> {
  const [row] = await database.query<Position>(
    `select position, rows_there as "rowsThere", caught_up as "caughtUp" from source_position
     where source = $1 and target = $2 and relation = $3`,
    [source, input, relation],
  );
  return row;
}

/** Whether any relation has been read whose name begins so. */
export async function wasRead(database: Database, source: string, input: InputName, begin: string): Promise<boolean> {
  const rows = await database.query(
    'select from source_position where source = $1 and target = $2 and starts_with(relation, $3) limit 1',
    [source, input, begin],
  );
  return rows.length > 0;
}

/** Keeps how far a relation has been read; in the transaction that stores what was read. */
export async function keepPosition(
  transaction: Database,
  source: string,
  input: InputName,
  relation: string,
  { position, rowsThere, caughtUp }: Position,
): Promise<void> {
  await transaction.query(
    `insert into source_position (source, target, relation, position, rows_there, caught_up)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (source, target, relation) do update set position = excluded.position,
       rows_there = excluded.rows_there, caught_up = source_position.caught_up or excluded.caught_up`,
    [source, input, relation, position, rowsThere, caughtUp],
  );
}
