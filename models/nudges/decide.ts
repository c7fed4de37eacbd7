import { createHash } from 'node:crypto';
import type { History, Instant } from '../../features/index.ts';
import type { Episode, NudgeRule, NudgeSettings } from './rule.ts';

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
  const entityId = history.partnerId;
  const heldOut = shareOf(`${rule.name}\n${entityId}`) < settings.holdOut;
  return {
    nudgeId: `nudge_${digest(`${rule.name}\n${entityId}\n${episode.start}`).toString('hex').slice(0, 24)}`,
    rule: rule.name,
    entityId,
    episodeStart: episode.start,
    asOf: history.cutoff,
    because: episode.because,
    evidence: episode.evidence,
    assignment: heldOut ? 'hold-out' : 'send',
    assignmentProbability: heldOut ? settings.holdOut : 1 - settings.holdOut,
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A number in [0, 1) that is always the same for a text and spread evenly over texts. */
function shareOf(text: string): number {
  return digest(text).readUIntBE(0, 6) / 2 ** 48;
}
