import { hostname } from 'node:os';
import { formatDay } from '../features/index.ts';
import {
  type Claim,
  claimRun,
  finishRun,
  holderOf,
  type Interval,
  LEASE_MILLISECONDS,
  renewClaim,
} from '../store/index.ts';
import type { Context } from './context.ts';

/** How the work of an interval ended: not at all when it was done already or another is at it. */
export type LedgerOutcome<Result> = { status: 'done'; result: Result } | { status: 'skipped'; because: string };

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
  if (!claim) return { status: 'skipped', because: await whySkipped(database, interval) };
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

async function whySkipped(database: Context['database'], interval: Interval): Promise<string> {
  const name = `${interval.pipeline} of ${formatDay(interval.start.getTime())}`;
  const held = await holderOf(database, interval);
  return held
    ? `${held.holder} is at work on ${name}; if it has died, its claim ends at ${held.until.toISOString()}.`
    : `${name} is done already, or failed and waits before it is tried again.`;
}
