import type { Database } from './database.ts';
import { problem } from './problem.ts';

/** One interval of a pipeline: [start, end). */
export interface Interval {
  pipeline: string;
  start: Date;
  end: Date;
}

/** The right to do the work of an interval, until another takes it over. */
export interface Claim extends Interval {
  part: string;
  attempt: number;
  /** Rises with every claim: work that finishes under an older one is refused. */
  fence: number;
}

/** A row of the ledger. */
export interface RunRecord {
  pipeline: string;
  interval_start: Date;
  interval_end: Date;
  part: string;
  status: 'running' | 'done' | 'failed';
  attempt: number;
  fence: number;
  rows: number | null;
  started_at: Date;
  finished_at: Date | null;
  error: string | null;
}

/** What a run is called: its pipeline and the day its interval begins with. */
export function runId({ pipeline, start }: Pick<Interval, 'pipeline' | 'start'>): string {
  return `${pipeline}/${start.toISOString().slice(0, 10)}`;
}

const PART = 'all';
/** How long a holder that has gone silent keeps its claim. */
export const LEASE_MILLISECONDS = 30_000;

/**
 * Claims the work of an interval for a holder.
 * @param again whether an interval that is done may be done again; one that failed waits a little longer every time
 *   before it is tried anew (2, 4, 8 … 60 minutes), unless this is set
 * @returns null when it is done already, not to be tried yet, or another holder is at it
 */
export async function claimRun(
  database: Database,
  { pipeline, start, end }: Interval,
  holder: string,
  now: Date,
  again = false,
): Promise<Claim | null> {
  const lease = new Date(now.getTime() + LEASE_MILLISECONDS);
  const [row] = await database.query<{ attempt: number; fence: number }>(
    `insert into run (pipeline, interval_start, interval_end, part, status, attempt, fence, holder, lease_until, started_at)
     values ($1, $2, $3, $4, 'running', 1, 1, $5, $6, $7)
     on conflict (pipeline, interval_start, part) do update set interval_end = excluded.interval_end,
       status = 'running', attempt = run.attempt + 1, fence = run.fence + 1, holder = excluded.holder,
       lease_until = excluded.lease_until, started_at = excluded.started_at, finished_at = null, error = null
     where (run.status = 'running' and run.lease_until < $7)
       or (run.status = 'failed' and ($8 or run.finished_at + interval '1 minute' * least(power(2, run.attempt), 60) <= $7))
       or (run.status = 'done' and $8)
     returning attempt, fence`,
    [pipeline, start, end, PART, holder, lease, now, again],
  );
  return row ? { pipeline, start, end, part: PART, ...row } : null;
}

/** Lets the work of all that hold a claim be taken over at once. */
export async function releaseClaims(database: Database): Promise<void> {
  await database.query("update run set lease_until = '-infinity' where status = 'running'");
}

/** What the ledger says of an interval; null when nothing. */
export async function runOf(
  database: Database,
  { pipeline, start }: Pick<Interval, 'pipeline' | 'start'>,
): Promise<(Pick<RunRecord, 'status' | 'attempt'> & { holder: string; lease_until: Date }) | null> {
  const [row] = await database.query<Pick<RunRecord, 'status' | 'attempt'> & { holder: string; lease_until: Date }>(
    'select status, attempt, holder, lease_until from run where pipeline = $1 and interval_start = $2 and part = $3',
    [pipeline, start, PART],
  );
  return row ?? null;
}

/** Keeps a claim for another lease; false when it has been lost. */
export async function renewClaim(database: Database, claim: Claim, now: Date): Promise<boolean> {
  const rows = await database.query(`update run set lease_until = $5 where ${HELD} returning 1`, [
    ...held(claim),
    new Date(now.getTime() + LEASE_MILLISECONDS),
  ]);
  return rows.length > 0;
}

/**
 * Holds the claim's row until the transaction ends, so that what is written in it is written under the claim.
 * @throws a problem `LEASE_LOST` when another has taken the work over
 */
export async function requireClaim(transaction: Database, claim: Claim): Promise<void> {
  const rows = await transaction.query(`select 1 from run where ${HELD} for update`, held(claim));
  if (rows.length === 0) {
    throw problem(
      'LEASE_LOST',
      `Another process has taken over ${claim.pipeline} of ${claim.start.toISOString()}; what this one did is dropped.`,
    );
  }
}

/** Ends the work of a claim. */
export async function finishRun(
  database: Database,
  claim: Claim,
  outcome: { status: 'done' | 'failed'; rows: number | null; error: string | null },
  now: Date,
): Promise<void> {
  await database.query(`update run set status = $5, rows = $6::bigint, error = $7, finished_at = $8 where ${HELD}`, [
    ...held(claim),
    outcome.status,
    outcome.rows,
    outcome.error,
    now,
  ]);
}

const HELD = "pipeline = $1 and interval_start = $2 and part = $3 and fence = $4 and status = 'running'";

function held({ pipeline, start, part, fence }: Claim): unknown[] {
  return [pipeline, start, part, fence];
}

/**
 * The end of the latest interval of a pipeline that is done; null when there is none.
 * @param upTo leaves out intervals that end later
 */
export async function lastDone(database: Database, pipeline: string, upTo?: Date): Promise<Date | null> {
  const [{ end }] = await database.query<{ end: Date | null }>(
    `select max(interval_end) as end from run
     where pipeline = $1 and status = 'done' and ($2::timestamptz is null or interval_end <= $2)`,
    [pipeline, upTo ?? null],
  );
  return end;
}

/** The ledger, latest interval first. */
export async function runs(database: Database): Promise<RunRecord[]> {
  return database.query<RunRecord>(
    `select pipeline, interval_start, interval_end, part, status, attempt, fence, rows, started_at, finished_at, error
     from run order by interval_start desc, pipeline, part`,
  );
}
