import {
  type Agreement,
  BLANK,
  DAY,
  type Feature,
  History,
  type Profile,
  parseDay,
  views,
} from '../../features/index.ts';
import { columnsOf, type SomeEvent } from './facts.ts';
import { programTracking } from './lively-world.ts';

/** A Monday. */
export const CUTOFF = parseDay('2024-07-01');
export const daysBefore = (days: number) => CUTOFF - days * DAY;

/** So many events on one day. */
export const many = (count: number, days: number, more: Partial<SomeEvent> = {}): SomeEvent[] =>
  Array.from({ length: count }, () => ({ at: daysBefore(days), ...more }));

/** What is known besides events, and what is tracked: every kind for five years unless said otherwise. */
export interface Known extends Partial<Profile> {
  trackedDays?: number;
  untracked?: readonly string[];
}

/** What is known of a partner at the cutoff. */
export function historyOf(
  events: readonly SomeEvent[],
  { trackedDays, untracked = [], ...profile }: Known = {},
): History {
  const program = programTracking(CUTOFF, trackedDays);
  const tracking = program.tracking.filter(({ kind }) => !untracked.includes(kind));
  return new History(columnsOf({ p: events }, { p: { ...BLANK, ...profile } }), { ...program, tracking }).moveTo(
    0,
    CUTOFF,
  );
}

function named(name: string): Feature {
  const feature = views.flatMap(({ features }) => features).find((candidate) => candidate.name === name);
  if (!feature) throw new Error(`no feature ${name}`);
  return feature;
}

/** A feature of a partner with such a past. */
export function value(name: string, events: readonly SomeEvent[], known: Known = {}): number | null {
  return named(name).compute(historyOf(events, known));
}

/** Its baseline; undefined where the feature has none. */
export function usual(name: string, events: readonly SomeEvent[], known: Known = {}): number | null | undefined {
  return named(name).usual?.(historyOf(events, known));
}

/** An agreement that goes on, known since long ago. */
export const RUNNING: Agreement = {
  id: 'a',
  startsOn: parseDay('2023-01-01'),
  renewsOn: CUTOFF + 40 * DAY,
  noticeDays: null,
  endedOn: null,
  endReason: null,
  knownAt: parseDay('2023-01-01'),
};
