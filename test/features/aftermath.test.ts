import { describe, expect, it } from 'vitest';
import { Aftermath, type Agreement, DAY, parseDay } from '../../features/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const LATER = CUTOFF + 1000 * DAY;
const daysAfter = (days: number) => CUTOFF + days * DAY;

function aftermath(events: SomeEvent[], knownBy = LATER): Aftermath {
  return new Aftermath(columnsOf({ p: events }), programSince('2020-01-01')).moveTo(0, CUTOFF, knownBy);
}

describe('an aftermath counts in half-open windows after its cutoff', () => {
  it('holds the cutoff itself and not the end of the window', () => {
    const seen = aftermath([{ at: CUTOFF - 1 }, { at: CUTOFF }, { at: daysAfter(90) - 1 }, { at: daysAfter(90) }]);
    expect(seen.count('qualifying', 0, 90)).toBe(2);
    expect(seen.count('qualifying', 0, 91)).toBe(3);
    expect(seen.count('qualifying', 1, 90)).toBe(1);
    expect(seen.count('qualifying', 90, 91)).toBe(1);
  });

  it('counts the kinds that are asked for, of the partner that is asked for', () => {
    const columns = columnsOf({ o: [{ at: daysAfter(1) }], p: [{ at: daysAfter(1), kind: 'portal.login' }], q: [] });
    const seen = new Aftermath(columns, programSince('2020-01-01'));
    const counts = [0, 1, 2].map((partner) => {
      seen.moveTo(partner, CUTOFF, LATER);
      return [seen.count('qualifying', 0, 90), seen.count('portal', 0, 90)];
    });
    expect(counts).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });
});

describe('the first event of an aftermath', () => {
  it('is told in days with their fraction, in a half-open window, of the kinds that are asked for', () => {
    const seen = aftermath([
      { at: CUTOFF - 1 },
      { at: daysAfter(3), kind: 'portal.login' },
      { at: daysAfter(4.25) },
      { at: daysAfter(30) },
    ]);
    expect(seen.first('qualifying', 0, 90)).toBe(4.25);
    expect(seen.first('portal', 0, 90)).toBe(3);
    expect(seen.first('qualifying', 4.25, 90)).toBe(4.25);
    expect(seen.first('qualifying', 5, 30)).toBeNull();
    expect(seen.first('qualifying', 5, 30.5)).toBe(30);
  });

  it('is that of the records of the moment', () => {
    const events: SomeEvent[] = [{ at: daysAfter(10), known: daysAfter(100) }, { at: daysAfter(20) }];
    expect(aftermath(events, daysAfter(100)).first('qualifying', 0, 90)).toBe(20);
    expect(aftermath(events, daysAfter(100) + 1).first('qualifying', 0, 90)).toBe(10);
    expect([aftermath([], daysAfter(100) - 1).days, aftermath([], daysAfter(100)).days]).toEqual([99, 100]);
  });
});

describe('an aftermath shows the records of the moment at which they are read', () => {
  it('an event counts from just after it became known', () => {
    const late: SomeEvent[] = [{ at: daysAfter(10), known: daysAfter(100) }];
    expect(aftermath(late, daysAfter(100)).count('qualifying', 0, 90)).toBe(0);
    expect(aftermath(late, daysAfter(100) + 1).count('qualifying', 0, 90)).toBe(1);
  });

  it('a corrected event counts in the version of the moment', () => {
    const corrected: SomeEvent[] = [
      { at: daysAfter(10), replacedAt: daysAfter(100) },
      { at: daysAfter(10), known: daysAfter(100), kind: 'portal.login' },
    ];
    expect(aftermath(corrected, daysAfter(100)).count('qualifying', 0, 90)).toBe(1);
    expect(aftermath(corrected, daysAfter(100)).count('life', 0, 90)).toBe(1);
    expect(aftermath(corrected, daysAfter(100) + 1).count('qualifying', 0, 90)).toBe(0);
    expect(aftermath(corrected, daysAfter(100) + 1).count('life', 0, 90)).toBe(1);
  });

  it('a window is complete when it had ended by then', () => {
    expect(aftermath([], daysAfter(90) - 1).isComplete(90)).toBe(false);
    expect(aftermath([], daysAfter(90)).isComplete(90)).toBe(true);
    expect(aftermath([], daysAfter(90)).isComplete(91)).toBe(false);
  });
});

describe('why a partnership ended', () => {
  const begun: Agreement = {
    id: 'a',
    startsOn: parseDay('2023-01-01'),
    renewsOn: null,
    noticeDays: null,
    endedOn: null,
    endReason: null,
    knownAt: parseDay('2023-01-01'),
  };
  const ending = (days: number, more: Partial<Agreement> = {}): Agreement => ({
    ...begun,
    endedOn: daysAfter(days),
    endReason: 'partner',
    ...more,
  });

  function ended(agreements: Agreement[], from = 0, to = 90, knownBy = LATER) {
    const columns = columnsOf({ p: [] }, { p: { signed: [], agreements, attributes: [] } });
    return new Aftermath(columns, programSince('2020-01-01')).moveTo(0, CUTOFF, knownBy).ended(from, to);
  }

  it('is told of an end in the window, its first day counted and its end not', () => {
    expect([-1, 0, 89, 90].map((days) => ended([ending(days)]))).toEqual([null, 'partner', 'partner', null]);
    expect(ended([ending(-1)], Number.NEGATIVE_INFINITY)).toBe('partner');
  });

  it('is nothing without an agreement, and unknown without a reason', () => {
    expect(ended([])).toBeNull();
    expect(ended([begun])).toBeNull();
    expect(ended([ending(10, { endReason: null })])).toBe('unknown');
  });

  it('is nothing while one agreement goes on, and the reason of the last to end when none does', () => {
    expect(ended([ending(10), { ...begun, id: 'b' }])).toBeNull();
    const last = ending(20, { id: 'b', endReason: 'vendor' });
    expect(ended([ending(10), last])).toBe('vendor');
    expect(ended([last, ending(10)])).toBe('vendor');
  });

  it('is told though a later agreement begins, but not when it begins in the window', () => {
    const next = (days: number) => ({ ...begun, id: 'b', startsOn: daysAfter(days) });
    expect(ended([ending(10), next(90)])).toBe('partner');
    expect(ended([ending(10), next(89)])).toBeNull();
  });

  it('is told with its day', () => {
    const columns = columnsOf({ p: [] }, { p: { signed: [], agreements: [ending(10)], attributes: [] } });
    const seen = new Aftermath(columns, programSince('2020-01-01')).moveTo(0, CUTOFF, LATER);
    expect(seen.ending(0, 90)).toEqual({ day: 10, reason: 'partner' });
    expect(seen.ending(11, 90)).toBeNull();
  });

  it('is told from just after it became known', () => {
    const versions = [begun, ending(10, { knownAt: daysAfter(100) })];
    expect(ended(versions, 0, 90, daysAfter(100))).toBeNull();
    expect(ended(versions, 0, 90, daysAfter(100) + 1)).toBe('partner');
  });
});

describe('the latest event before a moment', () => {
  it('is the last of the kinds that are asked for, the moment itself left out', () => {
    const seen = aftermath([{ at: CUTOFF - DAY }, { at: daysAfter(5) }, { at: daysAfter(6), kind: 'portal.login' }]);
    expect([0, 5, 6, 90].map((days) => seen.latest('qualifying', days))).toEqual([
      CUTOFF - DAY,
      CUTOFF - DAY,
      daysAfter(5),
      daysAfter(5),
    ]);
    expect(seen.latest('qualifying', -1)).toBeNull();
  });

  it('is one that was known, and not yet corrected, when the records are read', () => {
    const events: SomeEvent[] = [
      { at: CUTOFF - 9 * DAY },
      { at: CUTOFF - DAY, known: daysAfter(50), replacedAt: daysAfter(70) },
    ];
    const latest = [50, 60, 80].map((days) => aftermath(events, daysAfter(days)).latest('qualifying', 0));
    expect(latest).toEqual([CUTOFF - 9 * DAY, CUTOFF - DAY, CUTOFF - 9 * DAY]);
  });

  it('is of the partner that is asked for', () => {
    const columns = columnsOf({ o: [{ at: CUTOFF - DAY }], p: [] });
    const seen = new Aftermath(columns, programSince('2020-01-01')).moveTo(1, CUTOFF, LATER);
    expect(seen.latest('qualifying', 90)).toBeNull();
  });
});
