import type { Database } from './database.ts';
import type { InputName } from './inputs.ts';
import type { LoadLayout } from './merging.ts';
import type { Refusal } from './staging.ts';

/** A row that was refused, as the store keeps it. */
export interface QuarantinedRow extends Refusal {
  file: string;
}

/**
 * The rows that were refused, oldest load first.
 * @param most how many of them; all when left out
 */
export async function quarantined(database: Database, most?: number): Promise<QuarantinedRow[]> {
  return database.query<QuarantinedRow>(
    'select file, line, "column", reason, raw from quarantine order by load_id, line, "column" limit $1::bigint',
    [most ?? null],
  );
}

/** A load that has refused rows, and how its rows were read. */
export interface RefusingLoad {
  loadId: number;
  source: string;
  target: InputName;
  file: string;
  layout: LoadLayout | null;
  rows: number;
  /** How many of them were kept whole. */
  whole: number;
}

/** The loads that have refused rows, oldest first. */
export async function refusingLoads(database: Database): Promise<RefusingLoad[]> {
  return database.query<RefusingLoad>(
    `select load.load_id as "loadId", source, target, load.file, layout, count(*) as rows,
       count(*) filter (where whole) as whole
     from load join quarantine using (load_id) group by load.load_id order by load.load_id`,
  );
}

const RETRIED_TOGETHER = 500;

/** The refused rows of a load that were kept whole, in batches in the order of their lines. */
export async function* refusedRows(database: Database, loadId: number): AsyncGenerator<Refusal[]> {
  for (let after = -1; ; ) {
    const rows = await database.query<Refusal>(
      `select line, "column", reason, raw, whole from quarantine
       where load_id = $1 and line > $2 and whole order by line limit ${RETRIED_TOGETHER}`,
      [loadId, after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows[rows.length - 1].line;
  }
}

/**
 * Forgets the refused rows of a load that have been tried again, as rows of another.
 * @param except lines that no reader took
 */
export async function releaseRefused(transaction: Database, loadId: number, except: readonly number[]): Promise<void> {
  await transaction.query('delete from quarantine where load_id = $1 and whole and not line = any($2::bigint[])', [
    loadId,
    [...except],
  ]);
}
