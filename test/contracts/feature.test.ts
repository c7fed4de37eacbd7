import { describe, expect, it, vi } from 'vitest';
import {
  type Agreement,
  BLANK,
  column,
  completeTable,
  DAY,
  describedFeatures,
  type EventColumns,
  type Feature,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  History,
  type Instant,
  type Profile,
  type Program,
  parseDay,
  selectRows,
  views,
  visitHistories,
} from '../../features/index.ts';
import type { SomeEvent } from '../helpers/facts.ts';
import { columnsIn, KINDS, livelyWorld, programTracking, type World } from '../helpers/lively-world.ts';

const CUTOFF = parseDay('2024-07-01');
const PROGRAM = programTracking(CUTOFF);
const DAYS_LATER = [0, 1, 40];

/** Some partners for what one past says; enough of them for what is told among peers. */
const SOME = livelyWorld([80, 30, 0, 120, 60, 10], CUTOFF, 5);
const MANY = livelyWorld(
  Array.from({ length: 260 }, (_, p) => 40 + (p % 9) * 12),
  CUTOFF,
  8,
);

function tableOf(
  view: FeatureView,
  columns: EventColumns,
  program: Program,
  cutoffs: readonly Instant[] = [CUTOFF],
): FeatureTable {
  const rows = new FeatureRows(view, columns.partners.length * cutoffs.length);
  visitHistories(columns, program, cutoffs, (history) => rows.add(history));
  return completeTable(view, [rows.taken()]).table;
}

/** What can come after: each changes a world, or what is known of the program, in ways that cannot be known yet. */
type Future = (world: World, program: Program) => { world: World; program: Program };

/** To each partner's events, or instead of them. */
const moreEvents =
  (of: (events: readonly SomeEvent[]) => SomeEvent[]): Future =>
  ({ events, profiles }, program) => ({
    world: { events: mapped(events, (own) => [...own, ...of(own)]), profiles },
    program,
  });
const otherProfiles =
  (of: (profile: Profile) => Profile): Future =>
  ({ events, profiles }, program) => ({ world: { events, profiles: mapped(profiles, of) }, program });

function mapped<From, To>(each: Record<string, From>, to: (one: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(each).map(([id, one]) => [id, to(one)]));
}

const FUTURES = {
  'things that happen': moreEvents(() =>
    KINDS.flatMap((kind) =>
      DAYS_LATER.map((days) => ({
        at: CUTOFF + days * DAY,
        kind,
        contactId: 'new',
        product: 'new',
        accountId: 'new',
        dealId: 'new',
        value: 5,
        currency: days === 0 ? 'CHF' : 'USD',
      })),
    ),
  ),
  'things that have happened and become known': moreEvents(() =>
    KINDS.flatMap((kind) =>
      [1, 20, 100, 400].map((days) => ({
        at: CUTOFF - days * DAY,
        known: CUTOFF + (days % 7) * DAY,
        kind,
        contactId: 'late',
        product: 'late',
        accountId: 'late',
        dealId: `late${days}`,
      })),
    ),
  ),
  'values that become known': moreEvents(() =>
    KINDS.flatMap((kind) =>
      [null, 'USD', 'EUR'].map((currency) => ({
        at: CUTOFF - 3 * DAY,
        known: CUTOFF,
        kind,
        value: 12.5,
        currency,
      })),
    ),
  ),
  // Those known last so far are corrected: replaced at the cutoff or later by a version known from then on.
  corrections: ({ events, profiles }, program) => ({
    world: {
      events: mapped(events, (own) =>
        own.flatMap((event, i): SomeEvent[] => {
          const replacedAt = CUTOFF + DAYS_LATER[i % DAYS_LATER.length] * DAY;
          if (event.replacedAt !== Number.POSITIVE_INFINITY || Number(event.known) >= CUTOFF) return [event];
          const moved = { ...event, at: Number(event.at) - (i % 50) * DAY, known: replacedAt };
          return [
            { ...event, replacedAt },
            { ...moved, kind: KINDS[i % KINDS.length], value: 7, contactId: 'other' },
          ];
        }),
      ),
      profiles,
    },
    program,
  }),
  'deals that are decided': moreEvents((own) =>
    own
      .filter(({ kind }) => kind === 'deal.registered')
      .flatMap((registered, i) =>
        ['deal.approved', 'deal.rejected', 'deal.won', 'deal.lost'].map((kind) => ({
          ...registered,
          kind,
          at: i % 2 === 0 ? CUTOFF + DAY : Number(registered.at),
          known: CUTOFF + i * DAY,
          value: 1,
          replacedAt: Number.POSITIVE_INFINITY,
        })),
      ),
  ),
  'agreements that begin, end, or become known': otherProfiles((profile) => ({
    ...profile,
    agreements: [
      ...profile.agreements,
      ...['first', 'second'].map((id) => ({ ...AGREEMENT, id, endedOn: CUTOFF - DAY, knownAt: CUTOFF })),
      { ...AGREEMENT, id: 'third', knownAt: CUTOFF + 5 * DAY },
      { ...AGREEMENT, id: 'fourth', startsOn: CUTOFF, knownAt: CUTOFF - 30 * DAY },
    ],
  })),
  'attributes that change, or become known': otherProfiles((profile) => ({
    ...profile,
    attributes: [
      ...profile.attributes,
      ...['type', 'region', 'employees', 'technologies', 'capacity', 'tier', 'owner'].flatMap((attribute) => [
        { attribute, value: '77', validFrom: CUTOFF - 50 * DAY, knownAt: CUTOFF },
        { attribute, value: '88', validFrom: CUTOFF, knownAt: CUTOFF - 50 * DAY },
        { attribute, value: null, validFrom: CUTOFF - DAY, knownAt: CUTOFF + 50 * DAY },
      ]),
    ],
  })),
  'days of signing that become known': otherProfiles((profile) => ({
    ...profile,
    signed: [...profile.signed, { at: CUTOFF - 1000 * DAY, knownAt: CUTOFF }],
  })),
  'partners that come': ({ events, profiles }, program) => ({
    world: {
      events: { ...events, stranger: [{ at: CUTOFF - DAY, known: CUTOFF }, { at: CUTOFF + DAY }] },
      profiles: { ...profiles, stranger: { ...BLANK, signed: [{ at: CUTOFF - DAY, knownAt: CUTOFF }] } },
    },
    program,
  }),
  'tracking that is found to have begun earlier': (world, program) => ({
    world,
    program: {
      ...program,
      tracking: [...program.tracking, ...KINDS.map((kind) => ({ kind, knownBy: CUTOFF, since: 0 }))],
    },
  }),
} satisfies Record<string, Future>;

const AGREEMENT: Agreement = {
  id: 'a',
  startsOn: CUTOFF - 700 * DAY,
  renewsOn: CUTOFF + 30 * DAY,
  noticeDays: 10,
  endedOn: null,
  endReason: null,
  knownAt: CUTOFF,
};

type MakeColumns = (world: World, program: Program) => EventColumns;

/** The first feature whose bits differ in a future; undefined when none does. */
function findLeak(view: FeatureView, future: Future, make: MakeColumns = columnsIn): string | undefined {
  const later = future(SOME, PROGRAM);
  const without = tableOf(view, make(SOME, PROGRAM), PROGRAM);
  const within = tableOf(view, make(later.world, later.program), later.program);
  if (without.entities.join() !== within.entities.join()) return 'the partners themselves';
  if (without.atRisk.join() !== within.atRisk.join()) return 'who is at risk';
  return firstDifference(without, within);
}

function firstDifference(one: FeatureTable, other: FeatureTable): string | undefined {
  return one.names.find((_, i) => !bytes(one.columns[i]).equals(bytes(other.columns[i])));
}

function bytes({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The same table on a machine whose clock is set to a day, and to a place. */
function tableOn(day: string, place: string, view: FeatureView): FeatureTable {
  const zone = process.env.TZ;
  vi.useFakeTimers({ now: new Date(day), toFake: ['Date'] });
  process.env.TZ = place;
  try {
    return tableOf(view, columnsIn(SOME), PROGRAM);
  } finally {
    vi.useRealTimers();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
}

function clockLeak(view: FeatureView): string | undefined {
  return firstDifference(
    tableOn('1999-12-31T23:59:59Z', 'Pacific/Kiritimati', view),
    tableOn('2080-02-29T12:00:00Z', 'America/Adak', view),
  );
}

/** The first feature of a past of its own that differs when the partners come in another order, or without others. */
function companyLeak(view: FeatureView, make: MakeColumns = columnsIn): string | undefined {
  const reversed = only(Object.keys(SOME.events).reverse());
  const alone = { ...view, relative: [] };
  const all = tableOf(alone, make(SOME, PROGRAM), PROGRAM);
  for (const world of [reversed, ...Object.keys(SOME.events).map((id) => only([id]))]) {
    const some = tableOf(alone, make(world, PROGRAM), PROGRAM);
    const same = selectRows(
      all,
      some.entities.map((id) => all.entities.indexOf(id)),
    );
    const leak = firstDifference(same, some);
    if (leak) return leak;
  }
  return undefined;
}

/** The world of some of its partners, in an order. */
function only(ids: readonly string[]): World {
  const pick = <One>(each: Record<string, One>) => Object.fromEntries(ids.map((id) => [id, each[id]]));
  return { events: pick(SOME.events), profiles: pick(SOME.profiles) };
}

describe.each(views.map((view) => [view.name, view] as const))('view %s', (_, view) => {
  const features = describedFeatures(view);

  it.each(Object.entries(FUTURES))('gives the same bits, to come: %s', (__, future) => {
    expect(findLeak(view, future)).toBeUndefined();
  });

  it('gives the same bits on any day and in any place', () => {
    expect(clockLeak(view)).toBeUndefined();
  });

  it('tells of a past of its own the same bits in any order and any company', () => {
    expect(companyLeak(view)).toBeUndefined();
  });

  it('tells among others the same in any order', () => {
    const reversed = { events: reverse(MANY.events), profiles: reverse(MANY.profiles) };
    const [one, other] = [MANY, reversed].map((world) => tableOf(view, columnsIn(world), PROGRAM));
    const same = selectRows(
      other,
      one.entities.map((id) => other.entities.indexOf(id)),
    );
    for (const { name } of view.relative) {
      const [there, here] = [column(one, name), column(same, name)];
      // A prior is learnt from sums, which another order rounds otherwise.
      here.forEach((value, row) => {
        expect(Math.abs(value - there[row]) <= 1e-5 * Math.abs(value) || Object.is(value, there[row]), name).toBe(true);
      });
    }
  });

  it('names every feature once, in the way of names', () => {
    const names = features.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it.each(features.map((feature) => [feature.name, feature] as const))(
    '%s says what it is, and both its reasons with the numbers',
    (__, feature) => {
      expect(feature.description).toMatch(/^[A-Z].*\.$/s);
      for (const phrase of [feature.reason.high, feature.reason.low]) {
        const told = phrase({ value: '41 days', number: '41', peers: '7', usual: '12' });
        // A flag has no number to tell.
        if (feature.unit !== 'flag') expect(told).toContain('41');
        expect(told).not.toMatch(/undefined|\.$/);
      }
    },
  );

  it('every feature is known for some partner, a number always, and differs', () => {
    const table = tableOf(view, columnsIn(MANY), PROGRAM, [CUTOFF - 91 * DAY, CUTOFF]);
    table.names.forEach((name, i) => {
      const known = new Set(table.columns[i].filter((value) => !Number.isNaN(value)));
      // Not every sort that a flag asks about is found in a small world.
      expect(known.size, name).toBeGreaterThan(features[i].unit === 'flag' ? 0 : 1);
      expect([...known].every(Number.isFinite), name).toBe(true);
    });
  });

  it('every baseline is known for some partner, and null where it is not', () => {
    const history = new History(columnsIn(MANY), PROGRAM);
    for (const { name, usual, compute } of view.features) {
      const baselines = Array.from({ length: 50 }, (__, partner) => {
        history.moveTo(partner, CUTOFF);
        return [compute(history), usual ? usual(history) : 0];
      });
      expect(
        baselines.flat().every((value) => value === null || Number.isFinite(value)),
        name,
      ).toBe(true);
      expect(
        baselines.some(([, baseline]) => baseline !== null),
        name,
      ).toBe(true);
    }
  });
});

function reverse<One>(each: Record<string, One>): Record<string, One> {
  return Object.fromEntries(Object.entries(each).reverse());
}

describe('the leak test can fail', () => {
  const [view] = views;
  type Peek = (columns: EventColumns, history: History, program: Program) => number;

  /** The view with a feature that sees the columns behind a history. */
  function peeking(compute: Peek): [FeatureView, MakeColumns] {
    let held: [EventColumns, Program] | undefined;
    const feature: Feature = {
      ...view.features[0],
      name: 'peeks',
      compute(history) {
        const [columns, program] = held as [EventColumns, Program];
        return compute(columns, history, program);
      },
    };
    const make: MakeColumns = (world, program) => {
      const columns = columnsIn(world);
      held = [columns, program];
      return columns;
    };
    return [{ ...view, features: [feature, ...view.features] }, make];
  }

  function leakOf(peek: Peek, future: Future): string | undefined {
    const [seen, make] = peeking(peek);
    return findLeak(seen, future, make);
  }

  /** How many of a partner's own rows something holds for. */
  const ownRows =
    (holds: (columns: EventColumns, row: number, cutoff: Instant) => boolean): Peek =>
    (columns, { partnerId, cutoff }) => {
      const partner = columns.partners.indexOf(partnerId);
      let rows = 0;
      for (let row = columns.offsets[partner]; row < columns.offsets[partner + 1]; row++) {
        if (holds(columns, row, cutoff)) rows++;
      }
      return rows;
    };
  const ownProfile =
    (tell: (profile: Profile) => number): Peek =>
    ({ partners, profiles }, { partnerId }) =>
      tell(profiles[partners.indexOf(partnerId)]);

  const PEEKS: [future: keyof typeof FUTURES, what: string, peek: Peek][] = [
    ['things that happen', 'counts them', ownRows(({ happenedAt }, row, cutoff) => happenedAt[row] >= cutoff)],
    [
      'things that happen',
      'is of a later day',
      (columns, { partnerId, cutoff }, program) =>
        new History(columns, program)
          .moveTo(columns.partners.indexOf(partnerId), cutoff + 30 * DAY)
          .countEver('qualifying'),
    ],
    [
      'things that have happened and become known',
      'counts them',
      ownRows(({ happenedAt }, row, cutoff) => happenedAt[row] < cutoff),
    ],
    [
      'values that become known',
      'counts them',
      ownRows(({ value, happenedAt }, row, cutoff) => happenedAt[row] < cutoff && !Number.isNaN(value[row])),
    ],
    [
      'corrections',
      'leaves out what is replaced in the end',
      ownRows(({ knownAt, replacedAt }, row, cutoff) => knownAt[row] < cutoff && replacedAt[row] === Infinity),
    ],
    [
      'corrections',
      'takes what is replaced at the cutoff for replaced',
      ownRows(({ knownAt, replacedAt }, row, cutoff) => knownAt[row] < cutoff && replacedAt[row] > cutoff),
    ],
    [
      'deals that are decided',
      'knows which are won',
      ownRows(({ kind, kinds }, row) => kinds[kind[row]] === 'deal.won'),
    ],
    [
      'agreements that begin, end, or become known',
      'counts those known',
      ownProfile(({ agreements }) => agreements.filter(({ startsOn }) => startsOn < CUTOFF).length),
    ],
    [
      'agreements that begin, end, or become known',
      'counts those beginning',
      ownProfile(({ agreements }) => agreements.filter(({ knownAt }) => knownAt < CUTOFF).length),
    ],
    [
      'attributes that change, or become known',
      'counts what is known later',
      ownProfile(({ attributes }) => attributes.filter(({ validFrom }) => validFrom < CUTOFF).length),
    ],
    [
      'attributes that change, or become known',
      'counts what is valid later',
      ownProfile(({ attributes }) => attributes.filter(({ knownAt }) => knownAt < CUTOFF).length),
    ],
    ['days of signing that become known', 'takes the last', ownProfile(({ signed }) => signed.at(-1)?.at ?? 0)],
    ['partners that come', 'counts everyone', ({ partners }) => partners.length],
    [
      'tracking that is found to have begun earlier',
      'takes the earliest',
      (_, __, { tracking }) => Math.min(...tracking.map(({ since }) => since)),
    ],
  ];

  it('there is a way for each future', () => {
    expect(new Set(PEEKS.map(([future]) => future))).toEqual(new Set(Object.keys(FUTURES)));
  });

  it.each(PEEKS)('to come: %s; a feature %s', (future, __, peek) => {
    expect(leakOf(peek, FUTURES[future])).toBe('peeks');
  });

  it('when those at risk, or the partners, depend on it', () => {
    const later = FUTURES['things that happen'];
    const [seen, make] = peeking(ownRows(({ happenedAt }, row, cutoff) => happenedAt[row] >= cutoff));
    const atRisk = (history: History) => Number(seen.features[0].compute(history)) > 0;
    expect(findLeak({ ...seen, atRisk }, later, make)).toBe('who is at risk');
    const come: Future = ({ events, profiles }, program) => ({
      world: { events: { ...events, stranger: [{ at: CUTOFF - DAY }] }, profiles },
      program,
    });
    expect(findLeak(view, come)).toBe('the partners themselves');
  });

  it('when a feature reads the clock, or the time of its place', () => {
    const reads = (compute: Feature['compute']): FeatureView => ({
      ...view,
      features: [...view.features, { ...view.features[0], name: 'reads', compute }],
    });
    expect(clockLeak(reads(() => Date.now() / DAY))).toBe('reads');
    expect(clockLeak(reads(({ cutoff }) => new Date(cutoff).getHours()))).toBe('reads');
  });

  it('when a feature knows its place, its company, or what it was asked before', () => {
    expect(companyLeak(...peeking(({ partners }, { partnerId }) => partners.indexOf(partnerId)))).toBe('peeks');
    expect(companyLeak(...peeking(({ happenedAt }) => happenedAt.length))).toBe('peeks');
    let asked = 0;
    expect(companyLeak(...peeking(() => asked++))).toBe('peeks');
  });
});
