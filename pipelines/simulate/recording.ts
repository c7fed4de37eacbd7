import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { exponential, happens } from './chance.ts';
import { type Contact, holderOf } from './contacts.ts';
import type { Cell } from './files.ts';
import { stamp } from './world.ts';

/** Something that happened to a partner, before anyone wrote it down. */
export interface SimulatedEvent {
  kind: string;
  happenedAt: Instant;
  /** Which seat of the partner's team did it; null when nobody is named. */
  seat: number | null;
  account: string | null;
  deal: string | null;
  product: string | null;
  /** Minor units where there is a currency, else a score. */
  value: number | null;
  currency: string | null;
  attributes: Record<string, string> | null;
}

/** Shares of the events that are written down late, corrected later, and exported twice. */
export const RECORDING = { late: 0.03, corrected: 0.01, duplicated: 0.005 } as const;
const USUAL_DELAY = DAY / 8;
const LATE_DELAY = 9 * DAY;
const CORRECTED_AFTER = 12 * DAY;

/** An event of which only some is known. */
export function event(kind: string, happenedAt: Instant, about: Partial<SimulatedEvent> = {}): SimulatedEvent {
  const nothing = { seat: null, account: null, deal: null, product: null, value: null, currency: null };
  return { kind, happenedAt, ...nothing, attributes: null, ...about };
}

/** When a fact is on record: most within hours, a few weeks late. */
export function onRecord(happenedAt: Instant, random: Random): Instant {
  const mean = happens(RECORDING.late, random) ? LATE_DELAY : USUAL_DELAY;
  return happenedAt + Math.round(exponential(mean, random) / 1000) * 1000;
}

/**
 * The rows of `events.csv` of a partner, by when things happened: with corrections, and with rows exported twice.
 * The ids are a name and a number.
 */
export function eventRows(
  partner: string,
  events: readonly SimulatedEvent[],
  contacts: readonly Contact[],
  end: Instant,
  random: Random,
  name = partner,
): Cell[][] {
  const rows: Cell[][] = [];
  const inOrder = [...events].sort((a, b) => a.happenedAt - b.happenedAt);
  for (const [i, happened] of inOrder.entries()) {
    const id = `E-${name}-${i + 1}`;
    const knownAt = onRecord(happened.happenedAt, random);
    const correctedAt = knownAt + Math.round(exponential(CORRECTED_AFTER, random) / 1000) * 1000 + 1000;
    const isCorrected = happens(RECORDING.corrected, random);
    const isDuplicated = happens(RECORDING.duplicated, random);
    if (knownAt >= end) continue;
    const row = eventRow(id, partner, happened, contacts, knownAt);
    rows.push(row);
    if (isDuplicated) rows.push(row);
    if (isCorrected && correctedAt < end) {
      rows.push(eventRow(id, partner, corrected(happened), contacts, correctedAt));
    }
  }
  return rows;
}

/** What was first written down wrong: the amount where there is one, else the hour. */
function corrected(happened: SimulatedEvent): SimulatedEvent {
  if (happened.currency !== null) return { ...happened, value: Math.round((happened.value ?? 0) * 0.9) };
  return { ...happened, happenedAt: happened.happenedAt - 45 * 60_000 };
}

function eventRow(
  id: string,
  partner: string,
  happened: SimulatedEvent,
  contacts: readonly Contact[],
  knownAt: Instant,
): Cell[] {
  const { kind, happenedAt, seat, account, deal, product, value, currency, attributes } = happened;
  return [
    id,
    partner,
    kind,
    stamp(happenedAt),
    stamp(knownAt),
    seat === null ? null : holderOf(contacts, seat, happenedAt),
    account,
    deal,
    product,
    value,
    currency,
    attributes === null ? null : JSON.stringify(attributes),
  ];
}
