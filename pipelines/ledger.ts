import { hostname } from 'node:os';
import { formatDay } from '../features/index.ts';
import {
  type Claim,
  claimRun,
  finishRun,
  type Interval,
  LEASE_MILLISECONDS,
  renewClaim,
  runOf,
} from '../store/index.ts';
import type { Context } from './context.ts';

/**
 * How the work of an interval ended: not at all when it was done already, another is at it, or it waits to be tried
 * again; settled when nothing more will come of it.
 */
export type LedgerOutcome<Result> =
  | { status: 'done'; result: Result }
  | { status: 'skipped'; because: string; isSettled: boolean };

/**
 * Does the work of an interval under a claim in the run ledger, so that it is done once, by one process; the claim is
 * kept alive as long as the work goes on. A failure is recorded and thrown.
 * @param again whether an interval that is done may be done again
 * @param rowsOf how many rows the result stands for
 */
export async function inLedger<Result>(
  { database, clock }: Context,
  interval: Interval,
  again: boolean,
  work: (claim: Claim) => Promise<Result>,
  rowsOf: (result: Result) => number,
): Promise<LedgerOutcome<Result>> {
  const now = () => new Date(clock());
  const claim = await claimRun(database, interval, `${hostname()}/${process.pid}`, now(), again);
  if (!claim) return whySkipped(database, interval);
  const heartbeat = setInterval(() => {
    // A beat that fails is not the end: the lease outlasts two of them, and the work itself asks for the claim.
    renewClaim(database, claim, now()).catch(() => {});
  }, LEASE_MILLISECONDS / 3);
  try {
    const result = await work(claim);
    await finishRun(database, claim, { status: 'done', rows: rowsOf(result), error: null }, now());
    return { status: 'done', result };
  } catch (error) {
    const message = (error as Error).message.slice(0, 1000);
    await finishRun(database, claim, { status: 'failed', rows: null, error: message }, now()).catch(() => {});
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

const GIVEN_UP_AFTER = 5;

async function whySkipped(database: Context['database'], interval: Interval): Promise<LedgerOutcome<never>> {
  const name = `${interval.pipeline} of ${formatDay(interval.start.getTime())}`;
  const run = await runOf(database, interval);
  const isSettled = run?.status === 'done' || (run?.status === 'failed' && run.attempt >= GIVEN_UP_AFTER);
  const because =
    run?.status === 'running'
      ? `${run.holder} is at work on ${name}; if it has died, its claim ends at ${run.lease_until.toISOString()}.`
      : `${name} is done already, or failed and waits before it is tried again.`;
  return { status: 'skipped', because, isSettled };
}
