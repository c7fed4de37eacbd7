import { DAY, formatDay, History, type Instant } from '../features/index.ts';
import {
  decideIncidentNudges,
  decideNudge,
  type Incident,
  incidentRules,
  type NudgeDecision,
  nudgeRules,
} from '../models/index.ts';
import {
  assignedToSend,
  type Claim,
  type Database,
  enqueue,
  incidents,
  keepNudges,
  lastDone,
  problem,
  requireClaim,
} from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { inLedger } from './ledger.ts';
import { messageAbout } from './nudge-message.ts';

const PIPELINE = 'nudges';

/** What a run of the rules came to. */
export interface NudgeRun {
  decisions: NudgeDecision[];
  /** How many were put into the outbox. */
  enqueued: number;
}

/**
 * Decides about every episode that has begun since the last decision, up to and including a day, and, when sending,
 * puts the messages into the outbox in the same transaction.
 * @param incidentsUpTo the day up to which incidents count: later than `asOf` where facts have stopped coming
 * @throws a problem `LEASE_LOST` when another process is at it
 */
export async function runNudges(
  context: Context,
  asOf: Instant,
  send: boolean,
  incidentsUpTo = asOf,
): Promise<NudgeRun> {
  const last = await lastDone(context.database, PIPELINE, new Date(asOf - DAY));
  const since = last === null ? asOf - DAY : last.getTime();
  const interval = { pipeline: PIPELINE, start: new Date(since), end: new Date(asOf) };
  const outcome = await inLedger(
    context,
    interval,
    true,
    (claim) => decideAndKeep(context, { asOf, since, incidentsUpTo }, send, claim),
    (run) => run.decisions.length,
  );
  if (outcome.status === 'skipped') throw problem('LEASE_LOST', outcome.because);
  return outcome.result;
}

interface Span {
  asOf: Instant;
  since: Instant;
  incidentsUpTo: Instant;
}

async function decideAndKeep(context: Context, span: Span, send: boolean, claim: Claim): Promise<NudgeRun> {
  const { asOf, since } = span;
  const decisions = await context.step(`look for episodes up to ${formatDay(asOf)}`, async () => [
    ...(await decideOfProgram(context.database, span)),
    ...(await decide(context, asOf, since)),
  ]);
  const { database, settings } = context;
  const now = new Date(context.clock());
  return database.transaction(async (transaction) => {
    await requireClaim(transaction, claim);
    const endpoint = send ? settings.webhook_url : null;
    const enqueued = await keepAndEnqueue(transaction, decisions, endpoint, now, (decision) =>
      messageAbout(transaction, decision),
    );
    return { decisions, enqueued };
  });
}

/**
 * Keeps what was decided and puts the messages of those assigned to be sent into the outbox.
 * @param endpoint where to send to; null keeps only
 * @returns how many were put there
 */
export async function keepAndEnqueue(
  transaction: Database,
  decisions: readonly NudgeDecision[],
  endpoint: string | null,
  now: Date,
  toMessage: (decision: NudgeDecision) => Promise<unknown>,
): Promise<number> {
  await keepNudges(transaction, decisions, now);
  if (endpoint === null) return 0;
  const assigned = await assignedToSend(
    transaction,
    decisions.map(({ nudgeId }) => nudgeId),
  );
  const outgoing = decisions.filter(({ nudgeId }) => assigned.has(nudgeId));
  for (const decision of outgoing) {
    const payload = JSON.stringify(await toMessage(decision));
    await enqueue(transaction, { nudgeId: decision.nudgeId, endpoint, payload }, now);
  }
  return outgoing.length;
}

async function decide(context: Context, asOf: Instant, since: Instant): Promise<NudgeDecision[]> {
  const { facts, program } = await programFacts(context);
  const settings = {
    quietDays: context.settings.nudge_quiet_days,
    holdOut: context.settings.nudge_hold_out,
    incidents: await incidentsOfPartners(context.database),
  };
  const decisions: NudgeDecision[] = [];
  for await (const columns of facts.ranges(asOf)) {
    const history = new History(columns, program);
    for (let partner = 0; partner < columns.partners.length; partner++) {
      const before = nudgeRules.map((rule) => rule.episode(history.moveTo(partner, since), settings));
      history.moveTo(partner, asOf);
      nudgeRules.forEach((rule, i) => {
        const decision = decideNudge(rule, history, { at: since, episode: before[i] }, settings);
        if (decision) decisions.push(decision);
      });
    }
  }
  return decisions;
}

async function decideOfProgram(database: Database, { since, incidentsUpTo }: Span): Promise<NudgeDecision[]> {
  const listed = await incidents(database, { listed: true, limit: MOST_INCIDENTS });
  return incidentRules.flatMap((rule) => decideIncidentNudges(rule, listed, since, incidentsUpTo));
}

/** More than anybody looks at in a year. */
const MOST_INCIDENTS = 1000;

/** Incidents of single partners that people are shown, by partner. */
async function incidentsOfPartners(database: Database): Promise<Map<string, Incident[]>> {
  const byPartner = new Map<string, Incident[]>();
  for (const incident of await incidents(database, { level: 'partner', listed: true, limit: MOST_INCIDENTS })) {
    byPartner.set(incident.entity, [...(byPartner.get(incident.entity) ?? []), incident]);
  }
  return byPartner;
}
