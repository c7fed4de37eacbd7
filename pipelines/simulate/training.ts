import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens } from './chance.ts';
import { activity, isThere, type Month } from './life.ts';
import { event, type SimulatedEvent } from './recording.ts';
import { workingTime } from './times.ts';
import type { Traits } from './traits.ts';

/** The one course of a partner that changes its business. */
export interface Training {
  startedAt: Instant;
  completedAt: Instant;
}

/** Registrations and leads after the training, as a share of those there would have been without: +40 %. */
export const TRAINING_EFFECT = 0.4;
/** The academy opens region by region, in these months of the world. */
const OPENS: Record<string, number> = { EMEA: 5, AMER: 9, APAC: 13 };
const TAKE_UP_PER_MONTH = 0.03;
/** Driven partners train sooner: this is what confounds the comparison with those who don't. */
const TAKE_UP_BY_DRIVE = 2;
const PASSES = 0.75;
const REFRESHES = 0.5;
const VALID_MONTHS = 12;

/** Whether and when a partner takes the course. */
export function drawTraining(traits: Traits, life: readonly Month[], start: Instant, random: Random): Training | null {
  const opens = addMonths(start, OPENS[traits.region]);
  const chance = Math.min(0.5, TAKE_UP_PER_MONTH * Math.exp(TAKE_UP_BY_DRIVE * traits.drive));
  for (const month of life.slice(1)) {
    if (month.start < opens || month.standing !== 'healthy' || !happens(chance, random)) continue;
    const startedAt = workingTime(month, random);
    const completedAt = startedAt + Math.floor(between(2, 15, random)) * DAY;
    return isThere(life, completedAt) ? { startedAt, completedAt } : null;
  }
  return null;
}

/** What the course leaves on record: started, completed, certified, expired, and for some done again. */
export function trainingEvents(training: Training, life: readonly Month[], random: Random): SimulatedEvent[] {
  const { startedAt, completedAt } = training;
  const about = { seat: 0, attributes: { course: 'Partner Academy' } };
  const events = [event('training.started', startedAt, about), event('training.completed', completedAt, about)];
  let earned = completedAt + Math.floor(between(3, 20, random)) * DAY;
  for (let passes = happens(PASSES, random); passes; passes = happens(REFRESHES, random)) {
    if (!isThere(life, earned)) break;
    events.push(event('certification.earned', earned, about));
    const expires = addMonths(earned, VALID_MONTHS);
    events.push(event('certification.expired', expires, { attributes: about.attributes }));
    earned = expires - Math.floor(between(1, 25, random)) * DAY;
  }
  return events;
}

/**
 * Registrations and leads that the training brought in the 90 days after it, expected over what the partner went
 * through.
 */
export function extraIn90Days(training: Training, traits: Traits, life: readonly Month[]): number {
  const from = training.completedAt;
  const till = from + 90 * DAY;
  let extra = 0;
  for (const month of life) {
    const overlap = Math.min(till, month.start + month.days * DAY) - Math.max(from, month.start);
    if (overlap <= 0) continue;
    extra += TRAINING_EFFECT * traits.businessPerMonth * activity(traits, month) * (overlap / DAY / month.days);
  }
  return extra;
}
