import type { EventColumns } from './event-columns.ts';
import type { TrackingStart } from './program.ts';
import type { Instant } from './time.ts';

/** Where histories come from. */
export interface FactSource {
  /** Since when each kind of event is tracked, as the records showed it over time. */
  tracking(): Promise<TrackingStart[]>;
  /**
   * Up to when the records of some kinds are complete: the latest moment anything became known, of the source among
   * theirs that is furthest behind; null when no event of these kinds is on record.
   */
  watermark(kinds: ReadonlySet<string>): Promise<Instant | null>;
  /** How many partners there are, those only named included. */
  partners(): Promise<number>;
  /** All facts known before a moment, a range of partners at a time, every partner once. */
  ranges(knownBefore: Instant): AsyncIterable<EventColumns>;
}
