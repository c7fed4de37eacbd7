import { createHash } from 'node:crypto';
import type { History, Instant } from '../../features/index.ts';
import type { Incident } from '../anomalies/incidents.ts';
import type { RankedProspect } from '../recruiting/rank-prospects.ts';
import type { Episode, IncidentRule, NudgeRule, NudgeSettings, ProspectRule } from './rule.ts';

/** What was decided about one episode. */
export interface NudgeDecision {
  /** The same for the same rule, partner and episode, whoever decides and how often. */
  nudgeId: string;
  rule: string;
  entityId: string;
  episodeStart: Instant;
  asOf: Instant;
  because: string;
  evidence: Episode['evidence'];
  /** Partners held out are not nudged, so that the effect of nudging can be told. */
  assignment: 'send' | 'hold-out';
  /** The probability with which a partner gets this assignment. */
  assignmentProbability: number;
}

/**
 * Decides about one partner at the history's cutoff: a nudge when an episode of the rule is open that was not open at
 * the last decision, else null. What counts is what was known at either moment: an episode that shows late, because its
 * facts came late, is decided about when it shows.
 * @param last when episodes were last decided about, and the one that was open then
 */
export function decideNudge(
  rule: NudgeRule,
  history: History,
  last: { at: Instant; episode: Episode | null },
  settings: NudgeSettings,
): NudgeDecision | null {
  const episode = rule.episode(history, settings);
  if (!episode || (last.episode !== null && episode.start <= last.at)) return null;
  return assign(rule.name, history.partnerId, history.cutoff, episode, settings.holdOut);
}

/**
 * Decides about the prospects of a list: a nudge for each that a rule calls ready and that was not on the list before.
 * @param before the prospects of the last list that the rule called ready: their episodes go on
 */
export function decideProspectNudges(
  rule: ProspectRule,
  listed: readonly RankedProspect[],
  asOf: Instant,
  before: ReadonlySet<string>,
  holdOut: number,
): NudgeDecision[] {
  return listed
    .filter(({ prospectId }) => !before.has(prospectId))
    .flatMap((prospect) => {
      const episode = rule.episode(prospect, asOf);
      return episode === null ? [] : [assign(rule.name, prospect.prospectId, asOf, episode, holdOut)];
    });
}

/**
 * Decides about incidents: a nudge for each that was put on the list since the last decision. None is held out: there is
 * one program, and nothing to compare it with.
 * @param since when incidents were last decided about
 */
export function decideIncidentNudges(
  rule: IncidentRule,
  incidents: readonly Incident[],
  since: Instant,
  asOf: Instant,
): NudgeDecision[] {
  return incidents.flatMap((incident) => {
    const episode = rule.episode(incident, asOf);
    return episode === null || episode.start <= since ? [] : [assign(rule.name, incident.id, asOf, episode, 0)];
  });
}

function assign(rule: string, entityId: string, asOf: Instant, episode: Episode, holdOut: number): NudgeDecision {
  const heldOut = shareOf(`${rule}\n${entityId}`) < holdOut;
  return {
    nudgeId: `nudge_${digest(`${rule}\n${entityId}\n${episode.start}`).toString('hex').slice(0, 24)}`,
    rule,
    entityId,
    episodeStart: episode.start,
    asOf,
    because: episode.because,
    evidence: episode.evidence,
    assignment: heldOut ? 'hold-out' : 'send',
    assignmentProbability: heldOut ? holdOut : 1 - holdOut,
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A number in [0, 1) that is always the same for a text and spread evenly over texts. */
function shareOf(text: string): number {
  return digest(text).readUIntBE(0, 6) / 2 ** 48;
}
