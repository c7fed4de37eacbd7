import { addMonths, DAY, formatDay, type Instant } from '../../features/index.ts';
import { type Random, seeded, seedFor } from '../../models/index.ts';
import { type Incident, planProgramIncidents } from './incidents.ts';

/** Which world to make. */
export interface WorldSettings {
  partners: number;
  months: number;
  seed: number;
  /** The first day that is not in the world any more; the exports are those of that midnight. */
  end: Instant;
  /** How often partners log in, ask for support and meet, as a multiple of the usual (1); business is as ever. */
  activity?: number;
  /** What happens out of the ordinary, in place of what is drawn (see `planProgramIncidents`); `[]` for nothing. */
  incidents?: readonly Incident[];
}

/** A month of the world. */
export interface CalendarMonth {
  /** Its place among the months of the world, from 0. */
  place: number;
  start: Instant;
  days: number;
}

/** What all partners of a world share. */
export interface World {
  start: Instant;
  end: Instant;
  months: number;
  /** Its months, the first from its start on. */
  calendar: readonly CalendarMonth[];
  activity: number;
  /** What happens to many partners at once, in no order; and to single ones where that was planned and not drawn. */
  incidents: readonly Incident[];
  /** Whether single partners have incidents of their own drawn. */
  drawsIncidents: boolean;
  /** A stream of chance of its own for a named part, so that no part shifts another. */
  random(part: string): Random;
}

/** The world of some settings, before anyone is in it. */
export function makeWorld({ months, seed, end, activity = 1, incidents }: WorldSettings): World {
  const random = (part: string) => seeded(seedFor(seed, part));
  const start = addMonths(end, -months);
  const calendar = Array.from({ length: months }, (_, place) => {
    const first = addMonths(start, place);
    return { place, start: first, days: (addMonths(start, place + 1) - first) / DAY };
  });
  const planned = incidents ?? planProgramIncidents(start, end);
  return {
    ...{ start, end, months, calendar, activity, random },
    incidents: planned,
    drawsIncidents: incidents === undefined,
  };
}

/** An instant as ISO text to the second. */
export function stamp(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** An instant that may be missing, as ISO text or nothing. */
export function stampOrNothing(instant: Instant | null): string {
  return instant === null ? '' : stamp(instant);
}

/** A day that may be missing, as ISO text or nothing. */
export function dayOrNothing(instant: Instant | null): string {
  return instant === null ? '' : formatDay(instant);
}
