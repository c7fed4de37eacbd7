import { formatDay } from '../features/index.ts';
import { incidentRules, type NudgeDecision, nudgeRules, scoringModels } from '../models/index.ts';
import { type Database, type PartnerScore, partnerWithId, publicationOf, scoresOf } from '../store/index.ts';

/** What a receiver gets of a nudge: which, why and what to do. */
export interface NudgeMessage {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * @param action what the rule tells people to do
 * @param about whom or what the nudge is about, by the names that a receiver reads
 */
export function nudgeMessage(
  { nudgeId, rule, asOf, episodeStart, because }: NudgeDecision,
  action: string | undefined,
  about: Record<string, unknown>,
): NudgeMessage {
  return {
    type: `nudge.${rule}`,
    timestamp: new Date(asOf).toISOString(),
    data: {
      nudge_id: nudgeId,
      rule,
      episode_start: formatDay(episodeStart),
      because,
      action: action ?? null,
      ...about,
    },
  };
}

/** What a receiver gets about a partner, or about an incident above single partners: there `evidence` says where it broke. */
export async function messageAbout(database: Database, decision: NudgeDecision): Promise<NudgeMessage> {
  const { rule, entityId, evidence } = decision;
  const ofProgram = incidentRules.find(({ name }) => name === rule);
  if (ofProgram) return nudgeMessage(decision, ofProgram.action, { incident_id: entityId, evidence });
  const partner = await partnerWithId(database, entityId);
  return nudgeMessage(decision, nudgeRules.find(({ name }) => name === rule)?.action, {
    partner_id: entityId,
    partner_name: partner?.name ?? entityId,
    owner: partner?.owner ?? null,
    evidence,
    scores: await scoresOfDay(database, decision),
  });
}

type ScoreInMessage = Pick<PartnerScore, 'probability' | 'low' | 'high' | 'band'> & {
  model: string;
  version: string;
  reasons: string[];
};

/** The partner's scores of the day with their reasons. */
async function scoresOfDay(database: Database, { entityId, asOf }: NudgeDecision): Promise<ScoreInMessage[]> {
  const scores: ScoreInMessage[] = [];
  for (const { name: model } of scoringModels) {
    const publication = await publicationOf(database, model, asOf);
    if (!publication) continue;
    const page = { sort: 'probability', descending: true, limit: 1 } as const;
    const [score] = await scoresOf(database, publication, { entityId }, page);
    if (!score) continue;
    const { modelVersion: version, probability, low, high, band } = score;
    scores.push({ model, version, probability, low, high, band, reasons: score.reasons.map(({ text }) => text) });
  }
  return scores;
}
