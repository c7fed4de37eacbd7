import {
  type EventColumns,
  EventColumnsBuilder,
  type EventRow,
  type Profile,
  type Program,
  parseDay,
} from '../../features/index.ts';

/** An event as a test writes it: only what matters to it. */
export type SomeEvent = Partial<Omit<EventRow, 'happenedAt' | 'knownAt'>> & {
  /** Day or instant it happened. */
  at: string | number;
  /** Day or instant it became known; the same as `at` when left out. */
  known?: string | number;
};

const BUSINESS = 'deal.registered';

/** An instant from a day `yyyy-MM-dd` or as it is. */
function at(when: string | number): number {
  return typeof when === 'number' ? when : parseDay(when);
}

/** Columns of partners and their events. */
export function columnsOf(
  partners: Readonly<Record<string, readonly SomeEvent[]>>,
  profiles: Readonly<Record<string, Profile>> = {},
): EventColumns {
  const builder = new EventColumnsBuilder();
  for (const [id, events] of Object.entries(partners)) {
    builder.beginPartner(id, profiles[id]);
    for (const row of rowsOf(events)) builder.add(row);
  }
  return builder.build();
}

/** Events as rows, in the order in which columns take them. */
export function rowsOf(events: readonly SomeEvent[]): EventRow[] {
  const rows = events.map(({ at: happened, known, ...rest }) => ({
    happenedAt: at(happened),
    knownAt: at(known ?? happened),
    replacedAt: Number.POSITIVE_INFINITY,
    kind: BUSINESS,
    contactId: null,
    product: null,
    accountId: null,
    dealId: null,
    value: null,
    currency: null,
    ...rest,
  }));
  return rows.sort((a, b) => a.happenedAt - b.happenedAt || a.knownAt - b.knownAt);
}

/** A program that has tracked everything since a day. */
export function programSince(since: string | number, ...qualifying: string[]): Program {
  const kinds = qualifying.length === 0 ? [BUSINESS] : qualifying;
  return {
    qualifyingKinds: new Set(kinds),
    reportingCurrency: 'USD',
    tracking: [...kinds, 'portal.login', 'training.completed', 'deal.won'].map((kind) => ({
      kind,
      knownBy: at(since),
      since: at(since),
    })),
  };
}
