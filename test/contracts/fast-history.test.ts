import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeTable,
  DAY,
  type Feature,
  FeatureRows,
  type FeatureTable,
  History,
  type Instant,
  type Profile,
  type Program,
  parseDay,
  views,
} from '../../features/index.ts';
import { seeded } from '../../models/index.ts';
import type { SomeEvent } from '../helpers/facts.ts';
import { columnsIn, KINDS, listsIn, livelyWorld, programTracking, type World } from '../helpers/lively-world.ts';
import { SlowHistory } from '../helpers/slow-history.ts';

const END = parseDay('2024-07-01');
const GROUPS = ['any', 'qualifying', 'life', 'deals', 'survey.answered', 'nothing.such'] as const;
const WINDOWS = [
  [90, 0],
  [455, 365],
  [33, 5],
] as const;

type Asks = (history: History) => unknown;
const ofGroups = (ask: (history: History, group: (typeof GROUPS)[number]) => unknown): Asks[] =>
  GROUPS.map((group) => (history) => ask(history, group));
const ofWindows = (
  ask: (history: History, group: (typeof GROUPS)[number], from: number, to: number) => unknown,
): Asks[] => WINDOWS.flatMap(([from, to]) => ofGroups((history, group) => ask(history, group, from, to)));

/** Windows at once, the longest longer than anything was tracked; the same for all, by which a history knows them. */
const DAYS_EACH = Int32Array.of(7, 45, 400, 5000);
const ofEach = (
  ask: (history: History, group: (typeof GROUPS)[number], days: Int32Array, into: Float64Array) => void,
): Asks[] =>
  ofGroups((history, group) => {
    const into = new Float64Array(DAYS_EACH.length);
    ask(history, group, DAYS_EACH, into);
    return [...into];
  });

/** Every question there is, each asked in some ways that no feature asks it. */
const QUESTIONS: Record<Exclude<keyof History, 'moveTo'>, Asks[]> = {
  partnerId: [(history) => history.partnerId],
  cutoff: [(history) => history.cutoff],
  isKnown: [(history) => history.isKnown],
  count: ofWindows((history, group, from, to) => history.count(group, from, to)),
  countEver: ofGroups((history, group) => history.countEver(group)),
  activeDays: ofWindows((history, group, from, to) => history.activeDays(group, from, to)),
  activeWeeks: ofWindows((history, group, from, to) => history.activeWeeks(group, from, to)),
  contacts: ofWindows((history, group, from, to) => history.contacts(group, from, to)),
  products: ofWindows((history, group, from, to) => history.products(group, from, to)),
  accounts: ofWindows((history, group, from, to) => history.accounts(group, from, to)),
  contactsNew: ofGroups((history, group) => history.contactsNew(group, 45)),
  contactsLost: ofGroups((history, group) => history.contactsLost(group, 45)),
  contactsAlso: ofGroups((history, group) => history.contactsAlso(group, 45, 'deals', 300)),
  topContactShare: ofGroups((history, group) => history.topContactShare(group, 100)),
  money: ofWindows((history, group, from, to) => history.money(group, from, to)),
  sum: ofWindows((history, group, from, to) => history.sum(group, from, to)),
  mean: ofWindows((history, group, from, to) => history.mean(group, from, to)),
  latestValue: ofGroups((history, group) => history.latestValue(group)),
  recency: ofGroups((history, group) => history.recency(group)),
  sinceFirst: ofGroups((history, group) => history.sinceFirst(group)),
  latestEvent: ofGroups((history, group) => history.latestEvent(group)),
  gaps: ofGroups((history, group) => history.gaps(group)),
  longerGaps: ofGroups((history, group) => history.longerGaps(group, 4)),
  kinds: ofGroups((history, group) => history.kinds(group, 50)),
  faded: ofGroups((history, group) => history.faded(group, 3)),
  weekdays: ofGroups((history, group) => history.weekdays(group, 70)),
  series: ofGroups((history, group) => history.series(group, 9)),
  blocks: ofGroups((history, group) => history.blocks(group, 11, 5)),
  countEach: ofEach((history, group, days, into) => history.countEach(group, days, into)),
  sumEach: ofEach((history, group, days, into) => history.sumEach(group, days, into)),
  activeDaysEach: ofEach((history, group, days, into) => history.activeDaysEach(group, days, into)),
  activeWeeksEach: ofEach((history, group, days, into) => history.activeWeeksEach(group, days, into)),
  distinctEach: (['contact', 'product', 'account'] as const).flatMap((named) =>
    ofEach((history, group, days, into) => history.distinctEach(named, group, days, into)),
  ),
  levelChange: ofGroups((history, group) => [history.levelChange(group, 9, 2), history.levelChange(group, 30, 4)]),
  nameDeals: ofGroups((history, group) => history.nameDeals(group, 60)),
  deals: [(history) => history.deals()],
  signedOn: [(history) => history.signedOn],
  // In no promised order.
  agreements: [(history) => history.agreements().sort((a, b) => a.id.localeCompare(b.id))],
  latest: ['tier', 'owner', 'none'].map((attribute) => (history) => history.latest(attribute)),
  changes: ['tier', 'owner', 'none'].map((attribute) => (history) => history.changes(attribute, 200)),
  trackedDays: ofGroups((history, group) => history.trackedDays(group)),
};

/** A number as a feature table holds it: to the bit of a 32-bit float, null as NaN. */
const asHeld = (value: number | null) => (value === null ? Number.NaN : Math.fround(value));

const features = views.flatMap((view) => view.features as Feature[]);
const NAMED_QUESTIONS: [name: string, asks: Asks][] = [
  ...Object.entries(QUESTIONS).flatMap(([name, asks]) => asks.map((ask): [string, Asks] => [name, ask])),
  ...features.map(({ name, compute }): [string, Asks] => [name, (history) => asHeld(compute(history))]),
  ...features.flatMap(({ name, usual }): [string, Asks][] =>
    usual ? [[`usual of ${name}`, (history) => asHeld(usual(history))]] : [],
  ),
];

interface Move {
  partner: number;
  cutoff: Instant;
  /** Which of the questions are asked there, 0 to 1: what is not asked for a while has to catch up. */
  share: number;
}

/** Takes both histories through the same moves, and compares what they answer. */
function compare(world: World, program: Program, moves: readonly Move[], seed: number): void {
  const random = seeded(seed);
  const fast = new History(columnsIn(world), program);
  const slow = new SlowHistory(listsIn(world), program);
  for (const { partner, cutoff, share } of moves) {
    fast.moveTo(partner, cutoff);
    slow.moveTo(partner, cutoff);
    for (const [name, ask] of NAMED_QUESTIONS) {
      if (random() >= share) continue;
      const [quick, obvious] = [ask(fast), ask(slow.asHistory)];
      if (!isDeepStrictEqual(quick, obvious)) {
        expect(quick, `${name} of ${fast.partnerId} at ${new Date(cutoff).toISOString()}`).toEqual(obvious);
      }
    }
  }
}

/** Each day or week of a span, ascending. */
function ascending(partner: number, from: Instant, steps: number, days: number, share: number): Move[] {
  return Array.from({ length: steps }, (_, i) => ({ partner, cutoff: from + i * days * DAY, share }));
}

describe('the fast history answers as the slow and obvious one', () => {
  it('month by month, in the tables of every view, relative features included', () => {
    const world = livelyWorld([300, 60, 0, 25, 8, ...Array<number>(20).fill(30)], END, 11);
    const program = programTracking(END);
    const cutoffs = Array.from({ length: 5 }, (_, i) => END - (150 - 30 * i) * DAY);
    for (const view of views) {
      const tables = [new History(columnsIn(world), program), new SlowHistory(listsIn(world), program)].map(
        (history): FeatureTable => {
          const rows = new FeatureRows(view, 25 * cutoffs.length);
          for (let partner = 0; partner < 25; partner++) {
            for (const cutoff of cutoffs) {
              const { isKnown } = history.moveTo(partner, cutoff);
              if (isKnown) rows.add(history as History);
            }
          }
          return completeTable(view, [rows.taken()]).table;
        },
      );
      expect(tables[0].entities.length).toBeGreaterThan(100);
      expect(tables[0]).toEqual(tables[1]);
    }
  });

  it('of partners with thousands of rows, whose arrays grow as they go', () => {
    const world = livelyWorld([6000, 0, 700], END, 3);
    const start = END - 3 * 365 * DAY;
    compare(
      world,
      programTracking(END, 800),
      [
        ...ascending(0, start, 26, 42, 0.3),
        ...ascending(0, END - 9 * DAY, 9, 1, 0.1),
        { partner: 0, cutoff: END, share: 1 },
        { partner: 0, cutoff: END, share: 1 },
        { partner: 1, cutoff: END, share: 1 },
        ...ascending(2, start, 40, 28, 0.4),
        // Back in time, and from one to another and back.
        ...ascending(2, END - 400 * DAY, 20, 1, 0.3),
        { partner: 0, cutoff: END - 90 * DAY, share: 0.5 },
        { partner: 2, cutoff: END - 90 * DAY, share: 1 },
      ],
      4,
    );
  });

  it('whatever came late, was corrected, is missing, foreign or fractional, in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyEvent, { maxLength: 40 }), { minLength: 2, maxLength: 3 }),
        fc.array(anyProfile, { minLength: 3, maxLength: 3 }),
        fc.array(anyMove, { minLength: 1, maxLength: 12 }),
        anyProgram,
        fc.nat(),
        (partners, profiles, moves, program, seed) => {
          const world: World = { events: {}, profiles: {} };
          partners.forEach((events, p) => {
            world.events[`p${p}`] = events.flat();
            world.profiles[`p${p}`] = profiles[p];
          });
          const possible = moves.map((move) => ({ ...move, partner: move.partner % partners.length }));
          compare(world, program, possible, seed);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Days before the end at which windows begin and end, and those beside them, so that edges meet. */
const anyDay = fc.oneof(
  fc.integer({ min: -5, max: 400 }),
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(0, 1, 2, 5, 6, 7, 8, 29, 30, 31, 33, 45, 90, 91, 180, 365, 366, 730),
);
const anyInstant = fc
  .tuple(anyDay, fc.constantFrom(0, 0, 0, 1, DAY / 2, DAY - 1))
  .map(([days, rest]) => END - days * DAY + rest);
const anyLag = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, DAY, DAY, 2 * DAY, 7 * DAY, 40 * DAY) },
);

/** An event in one or several versions, each known when the one before it was replaced. */
const anyEvent = fc
  .record({
    kind: fc.constantFrom(...KINDS, 'deal.reopened', 'referral.made'),
    versions: fc.array(
      fc.record({
        at: anyInstant,
        lag: anyLag,
        contactId: fc.constantFrom(null, 'ann', 'bob', 'cid'),
        product: fc.constantFrom(null, 'x', 'y'),
        accountId: fc.constantFrom(null, 'a', 'b'),
        dealId: fc.constantFrom(null, 'd1', 'd2', 'd3'),
        value: fc.constantFrom(null, 0, 1, 0.1, 2.7, -3, 1200, 1e15, 2 ** 53 - 2),
        currency: fc.constantFrom(null, null, 'USD', 'USD', 'EUR'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ kind, versions }): SomeEvent[] => {
    let known = versions[0].at;
    const begun = versions.map(({ lag, ...version }, i) => {
      known = Math.max(known + lag, i > 0 ? known + 1 : known);
      return { ...version, kind, known };
    });
    return begun.map((version, i) => ({ ...version, replacedAt: begun[i + 1]?.known ?? Number.POSITIVE_INFINITY }));
  });

const anyProfile: fc.Arbitrary<Profile> = fc.record({
  signed: fc.array(fc.record({ at: anyInstant, knownAt: anyInstant }), { maxLength: 3 }),
  agreements: fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b'),
      startsOn: anyInstant,
      renewsOn: fc.option(anyInstant),
      noticeDays: fc.option(fc.constantFrom(0, 30)),
      endedOn: fc.option(anyInstant),
      endReason: fc.constantFrom('partner' as const, null),
      knownAt: anyInstant,
    }),
    { maxLength: 4 },
  ),
  attributes: fc.array(
    fc.record({
      attribute: fc.constantFrom('tier', 'owner', 'employees', 'technologies', 'type', 'region', 'capacity'),
      value: fc.constantFrom(null, '1', '2.5', 'SAP; sap', ''),
      validFrom: anyInstant,
      knownAt: anyInstant,
    }),
    { maxLength: 12 },
  ),
});

const anyMove = fc.record({
  partner: fc.nat(2),
  cutoff: fc.oneof(fc.integer({ min: 0, max: 12 }), anyDay).map((days) => END - days * DAY),
  share: fc.constantFrom(0.1, 0.5, 1),
});

const anyProgram = fc
  .array(fc.record({ kind: fc.constantFrom(...KINDS), knownBy: anyInstant, since: anyInstant }), { maxLength: 6 })
  .map((tracking) => {
    const program = programTracking(END);
    // Half of the kinds are tracked for long, the others since some day or not at all.
    return { ...program, tracking: [...program.tracking.filter((_, i) => i % 2 === 0), ...tracking] };
  });
