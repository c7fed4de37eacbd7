import { DAY, formatDay, type Instant } from '../features/index.ts';
import { decideProspectNudges, type NudgeDecision, prospectRules, type RankedProspect } from '../models/index.ts';
import { type Database, listedProspects, prospectList } from '../store/index.ts';
import { keepAndEnqueue, type NudgeRun } from './nudge.ts';

/** A prospect that was on a list of so many days before is not news. */
const LAST_LIST_DAYS = 14;

/**
 * Decides about the prospects of a list that has just been published, and keeps what was decided.
 * @param endpoint where messages go; null sends none
 */
export async function nudgeAbout(
  transaction: Database,
  list: readonly RankedProspect[],
  asOf: Instant,
  holdOut: number,
  endpoint: string | null,
  now: Instant,
): Promise<NudgeRun> {
  const last = await prospectList(transaction, { upTo: asOf - DAY, after: asOf - LAST_LIST_DAYS * DAY });
  const before = last === null ? [] : await listedProspects(transaction, last.asOf);
  const decisions = prospectRules.flatMap((rule) => {
    const ready = before.filter((each) => rule.episode({ ...each, fit: each.fit ?? Number.NaN }, asOf) !== null);
    return decideProspectNudges(rule, list, asOf, new Set(ready.map(({ prospectId }) => prospectId)), holdOut);
  });
  const listed = new Map((await listedProspects(transaction, asOf)).map((each) => [each.prospectId, each]));
  const enqueued = await keepAndEnqueue(transaction, decisions, endpoint, new Date(now), async (decision) =>
    message(decision, listed.get(decision.entityId)),
  );
  return { decisions, enqueued };
}

/** What a receiver gets: who, why and what to do. Nothing of it names a person. */
function message(decision: NudgeDecision, prospect: Awaited<ReturnType<typeof listedProspects>>[number] | undefined) {
  return {
    type: `nudge.${decision.rule}`,
    timestamp: new Date(decision.asOf).toISOString(),
    data: {
      nudge_id: decision.nudgeId,
      rule: decision.rule,
      prospect_id: decision.entityId,
      prospect_name: prospect?.name ?? decision.entityId,
      website: prospect?.website ?? null,
      country: prospect?.country ?? null,
      episode_start: formatDay(decision.episodeStart),
      because: decision.because,
      action: prospectRules.find(({ name }) => name === decision.rule)?.action ?? null,
      rank: prospect?.rank ?? null,
      fit: prospect?.fit ?? null,
      accept: prospect?.accept ?? null,
      matched: prospect?.matched ?? [],
      against: prospect?.against ?? [],
      nearest: (prospect?.nearest ?? []).map(({ partnerId, similarity }) => ({ partner_id: partnerId, similarity })),
      reasons: (prospect?.reasons ?? []).map(({ text }) => text),
    },
  };
}
