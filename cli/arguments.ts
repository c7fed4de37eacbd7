import { InvalidArgumentError } from 'commander';
import { cutoffsBetween, formatDay, type Instant, parseDay, type Step, startOfDay } from '../features/index.ts';
import { problem } from '../store/index.ts';

/** A date argument. */
export function day(text: string): Instant {
  try {
    return parseDay(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** Dates with commas between. */
export function days(text: string): Instant[] {
  return text.split(',').map((each) => day(each.trim()));
}

/** `FROM..TO`, both ends included. */
export function range(text: string): [from: Instant, to: Instant] {
  const ends = text.split('..');
  if (ends.length !== 2)
    throw new InvalidArgumentError('Write a range as FROM..TO, for example 2025-01-01..2025-12-01.');
  const [from, to] = ends.map(day);
  if (from > to) throw new InvalidArgumentError('The range ends before it begins.');
  return [from, to];
}

const STEPS: readonly Step[] = ['day', 'week', 'month', 'quarter'];

/** How far apart the cutoffs of a range are. */
export function step(text: string): Step {
  const found = STEPS.find((each) => each === text);
  if (!found) throw new InvalidArgumentError(`Choose one of ${STEPS.join(', ')}.`);
  return found;
}

/** The cutoffs of a range. */
export function cutoffs([from, to]: [Instant, Instant], every: Step): Instant[] {
  return cutoffsBetween(from, to, every);
}

/** A whole number in a range. */
export function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** A percentage. */
export function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('Give a percentage from 0 to 100.');
}

/**
 * A list of a day that has not ended would take the facts still to come for silence.
 * @throws a problem `USAGE` naming the latest day there can be a list of
 */
export function requireEnded(asOf: Instant, now: Instant): void {
  if (asOf <= startOfDay(now)) return;
  throw problem(
    'USAGE',
    `${formatDay(asOf)} has not come yet: the latest day there can be a list of is ${formatDay(startOfDay(now))}, when yesterday has ended.`,
  );
}
