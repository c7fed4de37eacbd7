import { DAY, type Instant } from './time.ts';

/** What was known of a deal from a moment on. Unknown is null. */
export interface DealVersion {
  dealId: string;
  /** When the version was loaded as known. */
  knownAt: Instant;
  /** Where it was loaded as history: each of its dates counts as known so many days later, and no later than it. */
  lagDays: number | null;
  submittedAt: Instant | null;
  decidedAt: Instant | null;
  decision: string | null;
  closedAt: Instant | null;
  outcome: string | null;
  /** Minor units where a currency is given, a plain number otherwise. */
  amount: number | null;
  currency: string | null;
  accountId: string | null;
  product: string | null;
}

/** What a deal says at a moment, as one version of an event of its partner. */
export interface DealEvent {
  /** `deal:`, the deal's id, and the kind: versions of one event share it. */
  id: string;
  kind: DealKind;
  happenedAt: Instant;
  knownAt: Instant;
  /** When the next version became known, or the one that takes it back; Infinity while there is none. */
  replacedAt: Instant;
  dealId: string;
  accountId: string | null;
  product: string | null;
  value: number | null;
  currency: string | null;
}

type DealKind = (typeof KINDS)[number];

const KINDS = ['deal.approved', 'deal.lost', 'deal.registered', 'deal.rejected', 'deal.won'] as const;

/**
 * What a deal says of one of its partners, as events, by their ids and then as they became known. A milestone is known
 * when the first version that has it was, and shows the amount that was known then; a correction replaces it, a version
 * without it ends it. Won and lost show the amount of the version that stands. The view `deal_event` says the same in
 * SQL.
 * @param since from when on the partner is known to have a part in it; −Infinity where it always was
 * @param versions of one deal, ascending by `knownAt`
 */
export function dealEvents(since: Instant, versions: readonly DealVersion[]): DealEvent[] {
  const events: DealEvent[] = [];
  for (const kind of KINDS) addEvents(events, kind, since, versions);
  return events;
}

/** What a version of a deal says of one milestone. */
interface Milestone {
  version: DealVersion;
  happenedAt: Instant | null;
  knownAt: Instant;
  value: number | null;
}

function addEvents(events: DealEvent[], kind: DealKind, since: Instant, versions: readonly DealVersion[]): void {
  let before: Milestone | null = null;
  let standing: DealEvent | null = null;
  for (const milestone of milestonesOf(kind, since, versions)) {
    if (before !== null && !differs(milestone, before)) continue;
    if (standing !== null) standing.replacedAt = milestone.knownAt;
    standing = toEvent(kind, milestone);
    if (standing !== null) events.push(standing);
    before = milestone;
  }
}

/** What each version says of a milestone, in the order it became known; nothing where none says that it was reached. */
function milestonesOf(kind: DealKind, since: Instant, versions: readonly DealVersion[]): Milestone[] {
  const first = versions.find((version) => happened(kind, version) !== null);
  if (first === undefined) return [];
  const isEnd = kind === 'deal.won' || kind === 'deal.lost';
  const shown = amountThen(kind, first);
  const milestones = versions.map((version) => {
    const happenedAt = happened(kind, version);
    const knownAt = Math.max(since, knownOf(version, happenedAt));
    return { version, happenedAt, knownAt, value: isEnd ? version.amount : shown };
  });
  // Versions that became known at once stay in their order.
  return milestones.length === 1 ? milestones : milestones.sort((a, b) => a.knownAt - b.knownAt);
}

/** When a version says that a milestone was reached. */
function happened(kind: DealKind, { submittedAt, decidedAt, decision, closedAt, outcome }: DealVersion) {
  switch (kind) {
    case 'deal.registered':
      return submittedAt;
    case 'deal.approved':
      return decision === 'approved' ? decidedAt : null;
    case 'deal.rejected':
      return decision === 'rejected' ? decidedAt : null;
    case 'deal.won':
      return outcome === 'won' ? closedAt : null;
    case 'deal.lost':
      return outcome === 'lost' ? closedAt : null;
  }
}

/** The amount when a milestone was reached; what is history may have been overwritten since, and is unknown. */
function amountThen(kind: DealKind, { lagDays, closedAt, decidedAt, amount }: DealVersion): number | null {
  if (lagDays !== null || closedAt !== null) return null;
  return kind === 'deal.registered' && decidedAt !== null ? null : amount;
}

function knownOf({ lagDays, knownAt }: DealVersion, happenedAt: Instant | null): Instant {
  return lagDays === null || happenedAt === null ? knownAt : Math.min(knownAt, daysAfter(happenedAt, lagDays));
}

/** So many days after a moment, to the microsecond, which is what the store counts in. */
function daysAfter(instant: Instant, days: number): Instant {
  return Math.round((instant + days * DAY) * 1000) / 1000;
}

function differs(milestone: Milestone, before: Milestone): boolean {
  const [a, b] = [milestone.version, before.version];
  return (
    milestone.happenedAt !== before.happenedAt ||
    milestone.value !== before.value ||
    a.currency !== b.currency ||
    a.product !== b.product ||
    a.accountId !== b.accountId
  );
}

/** The event that a milestone is until it is replaced; null where it says that it was not reached. */
function toEvent(kind: DealKind, { version, happenedAt, knownAt, value }: Milestone): DealEvent | null {
  if (happenedAt === null) return null;
  const { dealId, accountId, product, currency } = version;
  const id = `deal:${dealId}:${kind}`;
  const replacedAt = Number.POSITIVE_INFINITY;
  return { id, kind, happenedAt, knownAt, replacedAt, dealId, accountId, product, value, currency };
}
