import { DAY } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens, logistic, normal } from './chance.ts';
import { isThere, type Month } from './life.ts';
import type { Partner } from './partner.ts';
import { event, type SimulatedEvent } from './recording.ts';

const EVERY_MONTHS = 3;
const SENT_ON_DAY = 10;

/** The chance that a survey is answered: those who are engaged answer, those on their way out hardly do. */
export function answerChance({ engagement, standing }: Pick<Month, 'engagement' | 'standing'>): number {
  return logistic(0.1 + 1.5 * engagement - (standing === 'fading' ? 1 : 0));
}

/** Quarterly surveys to everyone who is there, and the scores (0 to 10) of those who answer. */
export function surveyEvents({ traits, life }: Partner, random: Random): SimulatedEvent[] {
  return life.flatMap((month) => {
    const at = month.start + SENT_ON_DAY * DAY + DAY / 2.4;
    if (month.place % EVERY_MONTHS !== 2 || at < traits.signedOn || !isThere(life, at)) return [];
    const sent = event('survey.sent', at, { attributes: { survey: 'PSAT' } });
    if (!happens(answerChance(month), random)) return [sent];
    const answeredAt = at + Math.floor(between(0.05, 12, random) * 86_400) * 1000;
    const score = Math.min(10, Math.max(0, Math.round(7 + 2 * month.engagement + normal(1.3, random))));
    return [sent, event('survey.answered', answeredAt, { seat: 0, value: score, attributes: { survey: 'PSAT' } })];
  });
}
