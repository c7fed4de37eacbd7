import { type KindGroup, membersOf } from './kinds.ts';
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
 * Since when the events of a group of kinds are tracked, as the records showed it at a cutoff: a count over a window
 * that began earlier is unknown, not small. Infinity where nothing was tracked yet.
 */
export function trackedSince({ tracking, qualifyingKinds }: Program, group: KindGroup, cutoff: Instant): Instant {
  const members = trackedMembers(tracking, qualifyingKinds, group);
  const seen = tracking.filter(({ knownBy, since }, i) => members[i] === 1 && knownBy < cutoff && since < cutoff);
  return seen.reduce((earliest, { since }) => Math.min(earliest, since), Number.POSITIVE_INFINITY);
}

const membersOfTracking = new WeakMap<Program['tracking'], Map<string, Uint8Array>>();

/** Which entries of a program's tracking are of a group: asked for every cutoff, and always the same. */
function trackedMembers(
  tracking: Program['tracking'],
  qualifyingKinds: ReadonlySet<string>,
  group: KindGroup,
): Uint8Array {
  const known = membersOfTracking.get(tracking) ?? new Map<string, Uint8Array>();
  membersOfTracking.set(tracking, known);
  const key = group === 'qualifying' ? `${group} ${[...qualifyingKinds].join()}` : group;
  let members = known.get(key);
  if (!members) {
    members = membersOf(
      group,
      tracking.map(({ kind }) => kind),
      qualifyingKinds,
    );
    known.set(key, members);
  }
  return members;
}
