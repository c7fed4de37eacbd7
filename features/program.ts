import { groupMasks, KIND_GROUPS, type KindGroup } from './kinds.ts';
import type { Instant } from './time.ts';

/** What a partner program declares, and since when each of its kinds of events is tracked. */
export interface Program {
  /** Kinds that count as doing business. */
  qualifyingKinds: ReadonlySet<string>;
  /** ISO 4217 code in which money is reported. */
  reportingCurrency: string;
  tracking: readonly TrackingStart[];
}

/** By `knownBy`, the earliest event of `kind` on record had happened at `since`. */
export interface TrackingStart {
  kind: string;
  knownBy: Instant;
  since: Instant;
}

/**
 * Since when events of each group of kinds are tracked, as the records showed it at a cutoff: a count over a
 * window that began earlier is unknown, not small.
 * @returns one instant per group in the order of `KIND_GROUPS`; Infinity where nothing was tracked yet
 */
export function trackedSince(program: Program, cutoff: Instant): Float64Array {
  const since = new Float64Array(KIND_GROUPS.length).fill(Number.POSITIVE_INFINITY);
  const masks = groupMasks(
    program.tracking.map((start) => start.kind),
    program.qualifyingKinds,
  );
  program.tracking.forEach((start, i) => {
    if (start.knownBy >= cutoff || start.since >= cutoff) return;
    for (let group = 0; group < since.length; group++) {
      if ((masks[i] >> group) & 1) since[group] = Math.min(since[group], start.since);
    }
  });
  return since;
}

/** A group's place in the masks and in `trackedSince`. */
export function groupIndex(group: KindGroup): number {
  return KIND_GROUPS.indexOf(group);
}
