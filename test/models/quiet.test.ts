import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aftermath, type Agreement, DAY, type EndReason, History, parseDay } from '../../features/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const LATER = CUTOFF + 1000 * DAY;
const daysAfter = (days: number) => CUTOFF + days * DAY;

interface Case {
  events?: SomeEvent[];
  agreements?: Agreement[];
  knownBy?: number;
  gapDays?: number;
}

/** What the label says of one partner. */
function judged({ events = [], agreements = [], knownBy = LATER, gapDays = 0 }: Case) {
  const columns = columnsOf({ p: events }, { p: { signed: [], agreements, attributes: [] } });
  const program = programSince('2020-01-01');
  const before = new History(columns, program).moveTo(0, CUTOFF);
  const after = new Aftermath(columns, program).moveTo(0, CUTOFF, knownBy);
  const label = quietFor(90, gapDays);
  return { outcome: label.outcome(before, after), wait: label.wait?.(before, after), plainOn: label.plainOn(after) };
}

/** The outcome of one partner, quiet for 90 days or not. */
function outcome(some: Case): boolean | null {
  return judged(some).outcome;
}

/** How long one partner waited, as [from, until]. */
function wait(some: Case): [number | undefined, number | undefined] {
  const found = judged(some).wait;
  return [found?.from, found?.until];
}

/** On which day after the cutoff it was plain. */
const plainAfter = (some: Case) => {
  const { plainOn } = judged(some);
  return plainOn === null ? null : (plainOn - CUTOFF) / DAY;
};

const business = (days: number): SomeEvent[] => [{ at: daysAfter(days) }];
const ended = (days: number, endReason: EndReason, knownAt = daysAfter(days)): Agreement => ({
  id: 'a',
  startsOn: parseDay('2023-01-01'),
  renewsOn: null,
  noticeDays: null,
  endedOn: daysAfter(days),
  endReason,
  knownAt,
});

describe('quiet for 90 days', () => {
  it('is true without business in the window, false with any', () => {
    expect(outcome({})).toBe(true);
    expect([-1, 0, 89, 90].map((days) => outcome({ events: business(days) }))).toEqual([true, false, false, true]);
  });

  it('logins are no business', () => {
    expect(outcome({ events: [{ at: daysAfter(5), kind: 'portal.login' }] })).toBe(true);
  });

  it('is unknown until the window has ended, business or not', () => {
    for (const events of [[], business(5)]) {
      expect(outcome({ events, knownBy: daysAfter(90) - 1 })).toBeNull();
      expect(outcome({ events, knownBy: daysAfter(90) })).toBe(events.length === 0);
    }
  });

  it('is told by what was known when the records were read', () => {
    const events = [{ at: daysAfter(5), known: daysAfter(100) }];
    expect(outcome({ events, knownBy: daysAfter(100) })).toBe(true);
    expect(outcome({ events, knownBy: daysAfter(100) + 1 })).toBe(false);
  });

  it('after a gap, begins and ends later', () => {
    const seen = (days: number) => outcome({ events: business(days), gapDays: 30 });
    expect([29, 30, 119, 120].map(seen)).toEqual([true, false, false, true]);
    expect(outcome({ gapDays: 30, knownBy: daysAfter(120) - 1 })).toBeNull();
    expect(outcome({ gapDays: 30, knownBy: daysAfter(120) })).toBe(true);
  });
});

describe('a partnership that ends', () => {
  const events = business(5);

  it('by the partner is churn, though it did business before', () => {
    expect([0, 89, 90].map((days) => outcome({ events, agreements: [ended(days, 'partner')] }))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(['vendor', 'merged'] as const)('by "%s" is unknown, business or not', (reason) => {
    for (const some of [[], events]) {
      const seen = (days: number) => outcome({ events: some, agreements: [ended(days, reason)] });
      expect([0, 89, 90].map(seen)).toEqual([null, null, some.length === 0]);
    }
  });

  it.each(['vendor', 'merged'] as const)('by "%s" before the cutoff, but known only later, is unknown', (reason) => {
    const agreements = [ended(-10, reason, daysAfter(20))];
    expect(outcome({ agreements })).toBeNull();
    expect(outcome({ agreements, knownBy: daysAfter(90) })).toBeNull();
    // While nobody knew, it was silence.
    expect(outcome({ agreements: [ended(-10, reason, daysAfter(200))], knownBy: daysAfter(200) })).toBe(true);
  });

  it('for reasons unknown, or by the partner before the cutoff, counts by its business alone', () => {
    for (const agreements of [[ended(10, 'unknown')], [ended(10, null)], [ended(-10, 'partner')]]) {
      expect([outcome({ agreements }), outcome({ agreements, events })]).toEqual([true, false]);
    }
  });
});

describe('the wait for the next business', () => {
  const NEVER = Number.POSITIVE_INFINITY;
  const next = (day: number) => [...business(day + 200), ...business(day), { at: daysAfter(1), kind: 'portal.login' }];

  it('ends on the day of the first, beyond the horizon too', () => {
    expect([0, 0.5, 89, 90, 120.9, 364].map((day) => wait({ events: next(day) }))).toEqual([
      [0, 1],
      [0, 1],
      [89, 90],
      [90, 91],
      [120, 121],
      [364, 365],
    ]);
  });

  it('is cut short after a year, or when the records were read', () => {
    expect(wait({ events: business(365) })).toEqual([365, NEVER]);
    expect(wait({ events: business(120), knownBy: daysAfter(120) })).toEqual([120, NEVER]);
    expect(wait({ events: business(120), knownBy: daysAfter(121) })).toEqual([120, 121]);
  });

  it('is told by what was known when the records were read', () => {
    const events = [{ at: daysAfter(5), known: daysAfter(100) }, ...business(95)];
    expect(wait({ events, knownBy: daysAfter(100) })).toEqual([95, 96]);
    expect(wait({ events, knownBy: daysAfter(100) + 1 })).toEqual([5, 6]);
  });

  it('begins after the gap', () => {
    expect([29, 30, 119, 120].map((day) => wait({ events: business(day), gapDays: 30 }))).toEqual([
      [365, NEVER],
      [0, 1],
      [89, 90],
      [90, 91],
    ]);
    expect(wait({ gapDays: 30, knownBy: daysAfter(130) })).toEqual([100, NEVER]);
  });

  it('for a partner that ended the agreement never ends; what it did before in the horizon does not count', () => {
    const agreements = [ended(40, 'partner')];
    expect(wait({ agreements })).toEqual([365, NEVER]);
    expect(wait({ agreements, events: business(10) })).toEqual([365, NEVER]);
    expect(wait({ agreements, knownBy: daysAfter(100) })).toEqual([365, NEVER]);
    // Not so when it ended beyond the horizon.
    expect(wait({ agreements: [ended(120, 'partner')], events: business(10) })).toEqual([10, 11]);
    expect(wait({ agreements: [ended(120, 'partner')], events: business(100) })).toEqual([100, 101]);
    expect(wait({ agreements: [ended(120, 'partner')], events: business(130) })).toEqual([365, NEVER]);
  });

  it('of a partner that ended and signed again ends with its next business', () => {
    const again = { ...ended(900, null), id: 'b', startsOn: daysAfter(100), endedOn: null, knownAt: daysAfter(100) };
    const agreements = [ended(40, 'partner'), again];
    expect(wait({ agreements, events: [...business(10), ...business(150)] })).toEqual([150, 151]);
    expect(wait({ agreements, events: business(10) })).toEqual([365, NEVER]);
  });

  it.each(['vendor', 'merged'] as const)('is cut short by an end by "%s"', (reason) => {
    expect(wait({ agreements: [ended(120, reason)], events: business(130) })).toEqual([120, NEVER]);
    expect(wait({ agreements: [ended(120, reason)], events: business(100) })).toEqual([100, 101]);
  });

  it('goes on after an end for reasons unknown', () => {
    expect(wait({ agreements: [ended(120, 'unknown')], events: business(130) })).toEqual([130, 131]);
  });

  it('agrees with the outcome, whatever came and whenever it was known', () => {
    const day = fc.integer({ min: -20, max: 500 });
    const event = fc.record({ at: day.map(daysAfter), known: day.map(daysAfter) });
    const reason = fc.constantFrom<EndReason>('partner', 'vendor', 'merged', 'unknown', null);
    const agreement = fc
      .record({ id: fc.constantFrom('a', 'b'), begins: day, ends: fc.option(day), reason, known: day })
      .map(({ id, begins, ends, reason: endReason, known }) => ({
        ...ended(0, endReason, daysAfter(known)),
        id,
        startsOn: daysAfter(begins - 200),
        endedOn: ends === null ? null : daysAfter(ends),
      }));
    const some = fc.record({
      events: fc.array(event, { maxLength: 5 }),
      agreements: fc.array(agreement, { maxLength: 3 }),
      knownBy: day.map(daysAfter),
      gapDays: fc.constantFrom(0, 30),
    });
    fc.assert(
      fc.property(some, (each) => {
        const found = judged(each);
        if (found.outcome === null || !found.wait) return;
        const { from, until } = found.wait;
        expect(from).toBeGreaterThanOrEqual(0);
        expect(until).toBeGreaterThan(from);
        if (found.outcome) expect(from).toBeGreaterThanOrEqual(90);
        else expect(until).toBeLessThanOrEqual(90);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('an ending is plain to everyone', () => {
  it('when the silence had lasted 90 days since the last business', () => {
    expect(plainAfter({ events: [...business(-40), ...business(-10), ...business(90)] })).toBe(80);
    // After a gap the last business may lie after the cutoff.
    expect(plainAfter({ events: [...business(-10), ...business(20)], gapDays: 30 })).toBe(110);
  });

  it('on the day the partner ended the agreement, where that came first or business went on', () => {
    const events = business(-10);
    expect(plainAfter({ events, agreements: [ended(30, 'partner')] })).toBe(30);
    expect(plainAfter({ events, agreements: [ended(85, 'partner')] })).toBe(80);
    expect(plainAfter({ events: [...events, ...business(5)], agreements: [ended(85, 'partner')] })).toBe(85);
  });

  it('never, where the last business is no longer on record, or it did not end', () => {
    expect(plainAfter({})).toBeNull();
    expect(plainAfter({ events: [...business(-10), ...business(5)] })).toBeNull();
  });
});
