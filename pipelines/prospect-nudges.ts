import { DAY, type Instant } from '../features/index.ts';
import { decideProspectNudges, type NudgeDecision, prospectRules } from '../models/index.ts';
import { type Database, type ListedProspect, listedProspects, prospectList } from '../store/index.ts';
import { keepAndEnqueue, type NudgeRun } from './nudge.ts';
import { type NudgeMessage, nudgeMessage } from './nudge-message.ts';

/** A prospect that was on a list of so many days before is not news. */
const LAST_LIST_DAYS = 14;

/**
 * Decides about the prospects of a published list that nothing was done with yet, and keeps what was decided; the same
 * again changes nothing.
 * @param asOf the day of the list
 * @param endpoint where messages go; null sends none
 */
export async function nudgeAbout(
  transaction: Database,
  asOf: Instant,
  holdOut: number,
  endpoint: string | null,
  now: Instant,
): Promise<NudgeRun> {
  const last = await prospectList(transaction, { upTo: asOf - DAY, after: asOf - LAST_LIST_DAYS * DAY });
  const before = last === null ? [] : await listedProspects(transaction, last.asOf);
  const listed = (await listedProspects(transaction, asOf)).filter(({ action }) => action === null);
  const decisions = prospectRules.flatMap((rule) => {
    const ready = before.filter((each) => rule.episode(asRanked(each), asOf) !== null);
    const known = new Set(ready.map(({ prospectId }) => prospectId));
    return decideProspectNudges(rule, listed.map(asRanked), asOf, known, holdOut);
  });
  const enqueued = await keepAndEnqueue(transaction, decisions, endpoint, new Date(now), async (decision) =>
    message(
      decision,
      listed.find(({ prospectId }) => prospectId === decision.entityId),
    ),
  );
  return { decisions, enqueued };
}

function asRanked(prospect: ListedProspect) {
  return { ...prospect, fit: prospect.fit ?? Number.NaN };
}

/** What a receiver gets: who, why and what to do. Nothing of it names a person. */
function message(decision: NudgeDecision, prospect: ListedProspect | undefined): NudgeMessage {
  return nudgeMessage(decision, prospectRules.find(({ name }) => name === decision.rule)?.action, {
    prospect_id: decision.entityId,
    prospect_name: prospect?.name ?? decision.entityId,
    website: prospect?.website ?? null,
    country: prospect?.country ?? null,
    rank: prospect?.rank ?? null,
    fit: prospect?.fit ?? null,
    accept: prospect?.accept ?? null,
    matched: prospect?.matched ?? [],
    against: prospect?.against ?? [],
    nearest: (prospect?.nearest ?? []).map(({ partnerId, similarity }) => ({ partner_id: partnerId, similarity })),
    reasons: (prospect?.reasons ?? []).map(({ text }) => text),
  });
}
