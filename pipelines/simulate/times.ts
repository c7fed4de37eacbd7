import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { happens, poisson } from './chance.ts';
import type { Incident, Metric } from './incidents.ts';
import { TRAINING_EFFECT, type Training } from './training.ts';
import type { CalendarMonth } from './world.ts';

const HOUR = DAY / 24;
const WEEKEND_WORK = 0.15;

/** A moment in office hours of a month, mostly on a working day. */
export function workingTime(month: CalendarMonth, random: Random): Instant {
  const day = Math.floor(month.days * random());
  // The first of January 1970 was a Thursday.
  const weekday = (Math.floor(month.start / DAY) + day + 4) % 7;
  const move = (weekday === 0 || weekday === 6) && !happens(WEEKEND_WORK, random) ? (weekday === 0 ? 1 : -1) : 0;
  const moved = day + move < 0 || day + move >= month.days ? day - 2 * move : day + move;
  return month.start + moved * DAY + 8 * HOUR + Math.floor(random() * 10 * 3600) * 1000;
}

/**
 * The moments of a month at which something happens that does so `perMonth` times as a rule, but for the incidents
 * and the training that make it more or less.
 */
export function drawTimes(
  perMonth: number,
  month: CalendarMonth,
  disturbed: readonly { start: Instant; end: Instant; effect: number }[],
  random: Random,
): Instant[] {
  const own = disturbed.filter(({ start, end }) => start < month.start + month.days * DAY && end > month.start);
  const peak = own.reduce((product, { effect }) => product * Math.max(1, effect), 1);
  const times = Array.from({ length: poisson(perMonth * peak, random) }, () => workingTime(month, random));
  if (own.length === 0) return times;
  return times.filter((time) => happens(factorAt(own, time) / peak, random));
}

function factorAt(disturbed: readonly { start: Instant; end: Instant; effect: number }[], time: Instant): number {
  return disturbed.reduce((product, { start, end, effect }) => product * (time >= start && time < end ? effect : 1), 1);
}

/** What makes a metric of a partner more or less than usual: its incidents, and for business its training. */
export function disturbances(
  metric: Metric,
  incidents: readonly Incident[],
  training: Training | null,
): { start: Instant; end: Instant; effect: number }[] {
  const own = incidents.filter((incident) => incident.metric === metric);
  if (metric !== 'business' || training === null) return own;
  return [...own, { start: training.completedAt, end: Number.POSITIVE_INFINITY, effect: 1 + TRAINING_EFFECT }];
}

/** How many times the usual business a partner does at an instant because it was trained. */
export function multiplierAt(training: Training | null, instant: Instant): number {
  return training !== null && training.completedAt < instant ? 1 + TRAINING_EFFECT : 1;
}
