import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, History, parseDay } from '../../features/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const daysBefore = (days: number) => CUTOFF - days * DAY;

function history(events: SomeEvent[], since: string | number = '2020-01-01'): History {
  return new History(columnsOf({ p: events }), programSince(since)).moveTo(0, CUTOFF);
}

describe('a history counts in half-open windows before its cutoff', () => {
  const seen = history([{ at: daysBefore(31) }, { at: daysBefore(30) }, { at: daysBefore(1) }, { at: CUTOFF }]);

  it('holds the first instant of a window and not the cutoff itself', () => {
    expect(seen.count('qualifying', 30)).toBe(2);
    expect(seen.count('qualifying', 31)).toBe(3);
    expect(seen.count('qualifying', 31, 30)).toBe(1);
    expect(seen.countEver('qualifying')).toBe(3);
  });

  it('tells days since the last and the first event', () => {
    expect(seen.recency('qualifying')).toBe(1);
    expect(seen.sinceFirst('qualifying')).toBe(31);
    expect(history([{ at: CUTOFF - 1 }]).recency('qualifying')).toBe(1);
    expect(history([]).recency('qualifying')).toBeNull();
  });
});

describe('a history that goes on', () => {
  it('lets go of last rows that were replaced and have no successor', () => {
    const versions: SomeEvent[] = [
      { at: daysBefore(40) },
      { at: daysBefore(20), replacedAt: daysBefore(5) },
      { at: daysBefore(19), replacedAt: daysBefore(5) },
    ];
    const seen = new History(columnsOf({ p: versions }), programSince('2020-01-01'));
    expect(seen.moveTo(0, daysBefore(10)).count('any', 20)).toBe(2);
    expect([19, 20, 41].map((days) => seen.moveTo(0, CUTOFF).count('any', days))).toEqual([0, 0, 1]);
  });

  it('tells pauses of any length', () => {
    // 128, 1, 127, 129 and 1000 days.
    const seen = history([1386, 1258, 1257, 1130, 1001, 1].map((days) => ({ at: daysBefore(days) })));
    expect(seen.gaps('any')).toEqual({ mean: 1385 / 5, median: 128, longest: 1000 });
    // One more and one not, by Laplace's rule.
    expect([0, 127, 128, 999, 1000].map((days) => seen.longerGaps('any', days))).toEqual(
      [5, 3, 2, 1, 0].map((longer) => (longer + 1) / (5 + 2)),
    );
  });

  it('counts weeks before 1970 too', () => {
    const cutoff = parseDay('1965-03-03');
    const events = [1, 6, 9, 30].map((days) => ({ at: cutoff - days * DAY }));
    const seen = new History(columnsOf({ p: events }), programSince('1950-01-01'));
    for (const later of [0, 1, 2, 3, 4, 5, 6]) {
      const day = cutoff + later * DAY;
      expect(seen.moveTo(0, day).activeWeeks('any', 90)).toBe(weeksOf(events, day));
    }
  });

  /** Weeks of seven days, counted back from a day, with any of some events. */
  function weeksOf(events: readonly { at: number }[], day: number): number {
    return new Set(events.map(({ at }) => Math.floor((day - 1 - at) / (7 * DAY)))).size;
  }
});

describe('windows asked about at once', () => {
  const days = Int32Array.of(3, 30, 365);

  it('are right for a group that nobody has asked for before, after another', () => {
    const seen = history([
      { at: daysBefore(300), kind: 'deal.won' },
      { at: daysBefore(20), kind: 'deal.registered' },
      { at: daysBefore(10), kind: 'deal.registered' },
      { at: daysBefore(2), kind: 'deal.won' },
    ]);
    const counts = (['any', 'registered', 'won', 'qualifying'] as const).map((group) => {
      const into = new Float64Array(3);
      seen.countEach(group, days, into);
      return [...into];
    });
    expect(counts).toEqual([
      [1, 3, 4],
      [0, 2, 2],
      [1, 1, 2],
      [0, 2, 2],
    ]);
  });
});

describe('a history holds what was known at its cutoff, on both clocks', () => {
  it('does not hold what happened before and became known at the cutoff or later', () => {
    expect(history([{ at: daysBefore(5), known: CUTOFF }]).countEver('qualifying')).toBe(0);
    expect(history([{ at: daysBefore(5), known: CUTOFF - 1 }]).countEver('qualifying')).toBe(1);
  });

  it('holds of a corrected event the version known then', () => {
    const versions: SomeEvent[] = [
      { at: daysBefore(20), known: daysBefore(20), replacedAt: daysBefore(3), product: 'old' },
      { at: daysBefore(40), known: daysBefore(3), product: 'new' },
    ];
    const now = history(versions);
    expect([now.countEver('qualifying'), now.count('qualifying', 30)]).toEqual([1, 0]);
    const before = new History(columnsOf({ p: versions }), programSince('2020-01-01')).moveTo(0, daysBefore(10));
    expect([before.countEver('qualifying'), before.recency('qualifying')]).toEqual([1, 10]);
  });
});

describe('unknown is not zero', () => {
  it('a window that began before tracking did is unknown, one after it is none', () => {
    const tracked = history([], daysBefore(60));
    expect(tracked.count('qualifying', 60)).toBe(0);
    expect(tracked.count('qualifying', 61)).toBeNull();
    expect(tracked.contacts('qualifying', 90)).toBeNull();
    expect(tracked.count('support', 30)).toBeNull();
  });

  it('tracking counts only from when it was known', () => {
    const program = {
      ...programSince('2020-01-01'),
      tracking: [{ kind: 'deal.registered', knownBy: CUTOFF, since: parseDay('2020-01-01') }],
    };
    const seen = new History(columnsOf({ p: [] }), program);
    const asked = [CUTOFF, CUTOFF + DAY, CUTOFF].map((cutoff) => seen.moveTo(0, cutoff).count('qualifying', 30));
    expect(asked).toEqual([null, 0, null]);
  });

  it('money with an unknown amount, or in a currency without a rate, is unknown', () => {
    const won = (value: number | null, currency: string | null): SomeEvent => ({
      at: daysBefore(5),
      kind: 'deal.won',
      value,
      currency,
    });
    expect(history([won(1200, 'USD'), won(300, 'USD')]).money('won', 30)).toBe(1500);
    expect(history([won(1200, 'USD'), won(300, 'EUR')]).money('won', 30)).toBeNull();
    expect(history([won(null, 'USD')]).money('won', 30)).toBeNull();
    expect(history([]).money('won', 30)).toBe(0);
  });
});

it('plain numbers are no money, also where nothing is in the reporting currency', () => {
  const seen = history([{ at: daysBefore(5), kind: 'deal.won', value: 40 }]);
  expect([seen.money('won', 30), seen.sum('won', 30)]).toEqual([null, 40]);
});

it.each([
  ['money', 'USD'],
  ['sum', null],
] as const)('%s goes on as hundreds of rows come', (measure, currency) => {
  const events = Array.from({ length: 1500 }, (_, i) => ({
    at: daysBefore(1500 - i),
    kind: 'deal.won',
    value: 2,
    currency,
  }));
  const seen = history(events, daysBefore(3000));
  const totals = [1400, 1000, 700, 300, 0].map((ago) => seen.moveTo(0, daysBefore(ago))[measure]('won', 1490));
  expect(totals).toEqual([200, 1000, 1600, 2400, 2980]);
});

describe('people, products and rhythm', () => {
  const seen = history([
    { at: daysBefore(150), contactId: 'ann' },
    { at: daysBefore(100), contactId: 'bob', product: 'core' },
    { at: daysBefore(50), contactId: 'bob', product: 'flow' },
    { at: daysBefore(50) + 1, contactId: 'bob', product: 'flow' },
    { at: daysBefore(10), contactId: 'cid' },
  ]);

  it('counts contacts that are active, new, lost', () => {
    expect(seen.contacts('qualifying', 90)).toBe(2);
    expect(seen.contactsNew('qualifying', 90)).toBe(1);
    expect(seen.contactsLost('qualifying', 90)).toBe(1);
    expect(seen.products('qualifying', 90)).toBe(1);
    expect(seen.topContactShare('qualifying', 90)).toBeCloseTo(2 / 3);
  });

  it('counts days and weeks with activity once', () => {
    expect(seen.activeDays('qualifying', 90)).toBe(2);
    expect(seen.activeWeeks('qualifying', 180)).toBe(4);
  });

  it('knows its gaps between active days', () => {
    expect(seen.gaps('qualifying')).toEqual({ mean: (50 + 50 + 40) / 3, median: 50, longest: 50 });
    expect(history([{ at: daysBefore(3) }]).gaps('qualifying')).toBeNull();
  });

  it('sums weeks, the last being the seven days before the cutoff', () => {
    expect(seen.series('qualifying', 3)).toEqual([0, 1, 0]);
    expect(seen.series('qualifying', 8)).toEqual([2, 0, 0, 0, 0, 0, 1, 0]);
  });
});

describe('agreements', () => {
  it('are known in the version of the day', () => {
    const agreement = {
      id: 'a',
      startsOn: parseDay('2023-01-01'),
      renewsOn: parseDay('2025-01-01'),
      noticeDays: null,
      endedOn: null,
      endReason: null,
    };
    const columns = columnsOf(
      { p: [] },
      {
        p: {
          signed: [{ at: parseDay('2023-01-01'), knownAt: parseDay('2023-01-05') }],
          attributes: [],
          agreements: [
            { ...agreement, knownAt: parseDay('2023-01-05') },
            {
              ...agreement,
              endedOn: parseDay('2024-05-01'),
              endReason: 'partner' as const,
              knownAt: parseDay('2024-06-01'),
            },
          ],
        },
      },
    );
    const seen = new History(columns, programSince('2020-01-01'));
    expect(seen.moveTo(0, parseDay('2023-01-05')).signedOn).toBeNull();
    expect(seen.moveTo(0, parseDay('2024-06-01')).agreements()).toMatchObject([{ endedOn: null }]);
    expect(seen.moveTo(0, parseDay('2024-06-02')).agreements()).toMatchObject([{ endReason: 'partner' }]);
  });
});

it('a cutoff that is no midnight is refused: its windows would not hold whole days', () => {
  expect(() => new History(columnsOf({ p: [] }), programSince(0)).moveTo(0, CUTOFF + 1)).toThrow(/midnight/);
});

it('a partner may have more late rows than a call can take arguments', () => {
  const seen = history(
    Array.from({ length: 150_000 }, (_, i) => ({ at: daysBefore(1 + (i % 300)), known: daysBefore(2) })),
  );
  expect([daysBefore(5), CUTOFF].map((cutoff) => seen.moveTo(0, cutoff).countEver('qualifying'))).toEqual([0, 150_000]);
});

describe('on any history with late and corrected rows', () => {
  const event = fc.record({
    at: fc.integer({ min: 0, max: 500 }).map((quarters) => daysBefore(120) + quarters * (DAY / 4)),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 })),
    corrected: fc.option(fc.integer({ min: 1, max: 200 }), { nil: null }),
    contact: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('deal.registered', 'portal.login'),
  });

  it('every measure equals the slow and obvious one', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.integer({ min: 0, max: 40 }), (drawn, shift) => {
        const cutoff = CUTOFF - shift * DAY;
        const rows = drawn.map(({ at, late, corrected, contact, kind }) => {
          const known = at + late * (DAY / 4);
          const replacedAt = corrected === null ? Number.POSITIVE_INFINITY : known + corrected * (DAY / 4);
          return { at, known, replacedAt, contactId: contact, kind };
        });
        const seen = new History(columnsOf({ p: rows }), programSince('2020-01-01')).moveTo(0, cutoff);
        const visible = rows.filter(
          (row) => row.at < cutoff && row.known < cutoff && row.replacedAt >= cutoff && row.kind === 'deal.registered',
        );
        for (const days of [30, 90]) {
          const inWindow = visible.filter((row) => row.at >= cutoff - days * DAY);
          expect(seen.count('qualifying', days)).toBe(inWindow.length);
          expect(seen.activeDays('qualifying', days)).toBe(
            new Set(inWindow.map((row) => Math.floor(row.at / DAY))).size,
          );
          expect(seen.contacts('qualifying', days)).toBe(new Set(inWindow.map((row) => row.contactId)).size);
        }
        const last = Math.max(...visible.map((row) => row.at));
        expect(seen.recency('qualifying')).toBe(visible.length === 0 ? null : Math.ceil((cutoff - last) / DAY));
      }),
      { numRuns: 300 },
    );
  });
});
