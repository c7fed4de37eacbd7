import { setTimeout } from 'node:timers/promises';
import cron from 'node-cron';
import { DAY, formatDay, type Instant, startOfDay } from '../features/index.ts';
import { classScoringModels, scoringModels } from '../models/index.ts';
import { lastDone, publicationOf } from '../store/index.ts';
import { asOfFor } from './as-of.ts';
import type { Context } from './context.ts';
import { incidentsAsOf, runIncidents } from './incidents.ts';
import { inLedger, type LedgerOutcome } from './ledger.ts';
import { runNudges } from './nudge.ts';
import { DAILY, runDaily } from './run.ts';

/** Days of downtime that are caught up; older ones would only repeat what the first of these finds. */
const CATCH_UP_DAYS = 14;
/** Milliseconds that stopping waits for a run under way; what that leaves undone, the next start does. */
const PATIENCE = 5000;

/**
 * Does what is due: the day that has ended, and the days that downtime left out, oldest first. Safe to call at any
 * time and by many: the ledger lets every day happen once. A day that is being done, or waits to be tried again, holds
 * up those after it, so that none is left out.
 */
export async function runDue(context: Context): Promise<void> {
  const due = lastDueDay(context.clock(), context.settings.daily_at_utc);
  const done = await lastDone(context.database, DAILY, new Date(due));
  const first = done === null ? due : Math.max(startOfDay(done.getTime()) + DAY, due - CATCH_UP_DAYS * DAY);
  for (let day = first; day <= due; day += DAY) {
    const outcome = await runDay(context, day);
    if (outcome.status === 'skipped' && !outcome.isSettled) return;
  }
}

async function runDay(context: Context, day: Instant): Promise<LedgerOutcome<unknown>> {
  const asOf = await asOfFor(context, day);
  if (asOf < day && (await isPublished(context, asOf))) {
    const interval = { pipeline: DAILY, start: new Date(day - DAY), end: new Date(day) };
    const tell = async () => {
      context.say(`${formatDay(day)}: nothing new, the facts reach to ${formatDay(asOf)}.`);
      const incidentsUpTo = incidentsAsOf(asOf, day);
      await runIncidents(context, incidentsUpTo);
      await runNudges(context, asOf, context.settings.nudge_send, incidentsUpTo);
    };
    return inLedger(context, interval, false, tell, () => 0);
  }
  return runDaily(context, day, asOf, { send: context.settings.nudge_send, again: false });
}

async function isPublished({ database }: Context, asOf: Instant): Promise<boolean> {
  // What there is not enough data for is not published on any day.
  for (const { name } of [...scoringModels, ...classScoringModels])
    if (await publicationOf(database, name, asOf)) return true;
  return false;
}

/** The last midnight whose daily run is due by now. */
function lastDueDay(now: Instant, dailyAtUtc: string): Instant {
  const [hours, minutes] = dailyAtUtc.split(':').map(Number);
  return startOfDay(now - (hours * 60 + minutes) * 60_000);
}

/**
 * Looks every minute for what is due, and once at the start.
 * @param failed told when a run failed; the next minute tries again
 * @param after runs after every look, for instance deliveries
 */
export function startSchedule(
  context: Context,
  failed: (error: Error) => void,
  after: () => Promise<void>,
): { stop(patience?: number): Promise<void> } {
  let current: Promise<void> = Promise.resolve();
  let isStopping = false;
  const look = () => {
    current = current
      .then(() => runDue(context))
      .then(after)
      .catch((error) => {
        if (!isStopping) failed(error);
      });
    return current;
  };
  const task = cron.schedule('* * * * *', look, { timezone: 'UTC', noOverlap: true });
  look();
  return {
    async stop(patience = PATIENCE) {
      isStopping = true;
      await task.stop();
      await Promise.race([current, setTimeout(patience, undefined, { ref: false })]);
    },
  };
}
