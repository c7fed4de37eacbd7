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

/** The outcome of one partner, quiet for 90 days or not. */
function outcome({ events = [], agreements = [], knownBy = LATER, gapDays = 0 }: Case): boolean | null {
  const columns = columnsOf({ p: events }, { p: { signed: [], agreements, attributes: [] } });
  const program = programSince('2020-01-01');
  const before = new History(columns, program).moveTo(0, CUTOFF);
  return quietFor(90, gapDays).outcome(before, new Aftermath(columns, program).moveTo(0, CUTOFF, knownBy));
}

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
