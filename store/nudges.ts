import type { Instant, NudgeDecision } from '../models/index.ts';
import type { Database } from './database.ts';

/** A nudge as it was decided, with what became of it. */
export interface StoredNudge extends NudgeDecision {
  decidedAt: Instant;
  /** Null while it is not in the outbox: held out, or decided in a dry run. */
  delivery: 'pending' | 'delivered' | 'failed' | null;
}

/** One message to be brought to one receiver. */
export interface Delivery {
  nudgeId: string;
  endpoint: string;
  payload: string;
  attempts: number;
}

/** Keeps what was decided; the same episode again changes nothing. Returns the nudges that are new. */
export async function keepNudges(
  transaction: Database,
  decisions: readonly NudgeDecision[],
  now: Date,
): Promise<NudgeDecision[]> {
  const fresh: NudgeDecision[] = [];
  for (const decision of decisions) {
    const rows = await transaction.query(
      `insert into nudge (nudge_id, rule, entity_id, episode_start, as_of, because, evidence, decided_at)
       values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8) on conflict do nothing returning 1`,
      [
        decision.nudgeId,
        decision.rule,
        decision.entityId,
        new Date(decision.episodeStart),
        new Date(decision.asOf),
        decision.because,
        JSON.stringify(decision.evidence),
        now,
      ],
    );
    if (rows.length === 0) continue;
    fresh.push(decision);
    await transaction.query('insert into assignment (nudge_id, assignment, probability) values ($1, $2, $3)', [
      decision.nudgeId,
      decision.assignment,
      decision.assignmentProbability,
    ]);
  }
  return fresh;
}

/** Of some nudges, those that are assigned to be sent: the first decision about an episode stands. */
export async function assignedToSend(transaction: Database, nudgeIds: readonly string[]): Promise<Set<string>> {
  const rows = await transaction.query<{ nudge_id: string }>(
    "select nudge_id from assignment where assignment = 'send' and nudge_id = any($1)",
    [[...nudgeIds]],
  );
  return new Set(rows.map((row) => row.nudge_id));
}

/** Puts a message into the outbox; the same nudge to the same receiver is there once. */
export async function enqueue(transaction: Database, delivery: Omit<Delivery, 'attempts'>, now: Date): Promise<void> {
  await transaction.query(
    `insert into delivery (nudge_id, endpoint, payload, status, next_attempt_at) values ($1, $2, $3, 'pending', $4)
     on conflict do nothing`,
    [delivery.nudgeId, delivery.endpoint, delivery.payload, now],
  );
}

/** The next message that is due, not to be taken by anyone else until `until`; null when there is none. */
export async function takeDelivery(database: Database, now: Date, until: Date): Promise<Delivery | null> {
  const [row] = await database.query<{ nudge_id: string; endpoint: string; payload: string; attempts: number }>(
    `update delivery set attempts = attempts + 1, next_attempt_at = $2
     where (nudge_id, endpoint) = (
       select nudge_id, endpoint from delivery where status = 'pending' and next_attempt_at <= $1
       order by next_attempt_at, nudge_id limit 1 for update skip locked)
     returning nudge_id, endpoint, payload, attempts`,
    [now, until],
  );
  return row ? { nudgeId: row.nudge_id, endpoint: row.endpoint, payload: row.payload, attempts: row.attempts } : null;
}

/** Notes how an attempt ended; `retryAt` null gives up. */
export async function settleDelivery(
  database: Database,
  { nudgeId, endpoint }: Delivery,
  outcome: { deliveredAt: Date } | { error: string; retryAt: Date | null },
): Promise<void> {
  if ('deliveredAt' in outcome) {
    await database.query(
      `update delivery set status = 'delivered', delivered_at = $3, last_error = null where nudge_id = $1 and endpoint = $2`,
      [nudgeId, endpoint, outcome.deliveredAt],
    );
    return;
  }
  await database.query(
    `update delivery set status = case when $4::timestamptz is null then 'failed' else 'pending' end,
       next_attempt_at = coalesce($4::timestamptz, next_attempt_at), last_error = $3
     where nudge_id = $1 and endpoint = $2`,
    [nudgeId, endpoint, outcome.error.slice(0, 1000), outcome.retryAt],
  );
}

interface NudgeRow {
  nudge_id: string;
  rule: string;
  entity_id: string;
  episode_start: Date;
  as_of: Date;
  because: string;
  evidence: NudgeDecision['evidence'];
  assignment: NudgeDecision['assignment'];
  probability: number;
  decided_at: Date;
  delivery: StoredNudge['delivery'];
}

/** Nudges, the latest episode first. */
export async function nudges(
  database: Database,
  { limit, entityId }: { limit: number; entityId?: string | undefined },
): Promise<StoredNudge[]> {
  const rows = await database.query<NudgeRow>(
    `select nudge.nudge_id, rule, entity_id, episode_start, as_of, because, evidence, assignment,
       assignment.probability, decided_at, delivery.status as delivery
     from nudge join assignment using (nudge_id)
       left join (select distinct on (nudge_id) nudge_id, status from delivery
                  order by nudge_id, status = 'delivered' desc, next_attempt_at desc) as delivery using (nudge_id)
     where $2::text is null or entity_id = $2
     order by episode_start desc, nudge_id limit $1`,
    [limit, entityId ?? null],
  );
  return rows.map((row) => ({
    nudgeId: row.nudge_id,
    rule: row.rule,
    entityId: row.entity_id,
    episodeStart: row.episode_start.getTime(),
    asOf: row.as_of.getTime(),
    because: row.because,
    evidence: row.evidence,
    assignment: row.assignment,
    assignmentProbability: row.probability,
    decidedAt: row.decided_at.getTime(),
    delivery: row.delivery,
  }));
}
