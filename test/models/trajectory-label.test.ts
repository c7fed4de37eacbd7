import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aftermath, type Agreement, DAY, type EndReason, History, parseDay } from '../../features/index.ts';
import { trajectoryAgainst, type Yardstick } from '../../models/labels/trajectory.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const daysAfter = (days: number) => CUTOFF + days * DAY;
/** So many events so many days after the cutoff; before it where the days are below 0. */
const events = (count: number, days: number): SomeEvent[] =>
  Array.from({ length: count }, () => ({ at: daysAfter(days) }));

interface Case {
  past: SomeEvent[];
  next?: SomeEvent[];
  agreements?: Agreement[];
  knownBy?: number;
  yardstick?: Yardstick;
  tracked?: string;
}

/** The name of the class that the label gives. */
function came({ past, next = [], agreements = [], knownBy = daysAfter(1000), tracked, ...rest }: Case): string | null {
  const columns = columnsOf({ p: [...past, ...next] }, { p: { signed: [], agreements, attributes: [] } });
  const program = programSince(tracked ?? '2020-01-01');
  const before = new History(columns, program).moveTo(0, CUTOFF);
  const after = new Aftermath(columns, program).moveTo(0, CUTOFF, knownBy);
  const label = trajectoryAgainst(rest.yardstick ?? 'half-year-before');
  const outcome = label.outcome(before, after);
  return outcome === null ? null : label.classes[outcome];
}

const ended = (days: number, endReason: EndReason): Agreement => ({
  id: 'a',
  startsOn: parseDay('2023-01-01'),
  renewsOn: null,
  noticeDays: null,
  endedOn: daysAfter(days),
  endReason,
  knownAt: daysAfter(days),
});

describe('against the half-year before', () => {
  it('no event is churn, a quarter more and 3 more is growth, all else is to stagnate', () => {
    const next = (count: number) => came({ past: events(8, -10), next: events(count, 5) });
    expect([0, 1, 8, 10, 11].map(next)).toEqual(['churn', 'stagnate', 'stagnate', 'stagnate', 'grow']);
  });

  it('of many events 3 more are no growth: it takes a quarter more', () => {
    const next = (count: number) => came({ past: events(40, -10), next: events(count, 5) });
    expect([43, 49, 50].map(next)).toEqual(['stagnate', 'stagnate', 'grow']);
  });

  it('counts the 180 days before and after, and no day beside', () => {
    const past = [...events(5, -180), ...events(50, -181)];
    expect(came({ past, next: events(8, 179) })).toBe('grow');
    expect(came({ past, next: events(8, 180) })).toBe('churn');
  });

  it('is unknown while the window is open, and where the vendor ended it or it was merged', () => {
    const past = events(5, -10);
    expect(came({ past, knownBy: daysAfter(179) })).toBeNull();
    expect(came({ past, knownBy: daysAfter(180) })).toBe('churn');
    for (const reason of ['vendor', 'merged'] as const) {
      expect(came({ past, next: events(9, 5), agreements: [ended(100, reason)] })).toBeNull();
    }
  });

  it('is churn where the partner ended the agreement, whatever it did before in that time', () => {
    const partner = { past: events(5, -10), next: events(20, 5) };
    expect(came({ ...partner, agreements: [ended(100, 'partner')] })).toBe('churn');
    expect(came({ ...partner, agreements: [ended(200, 'partner')] })).toBe('grow');
  });
});

describe('against the same season', () => {
  const season = (past: SomeEvent[], count: number, more: Partial<Case> = {}) =>
    came({ past, next: events(count, 5), yardstick: 'same-season', ...more });
  /** Ten events in the same days a year ago, thirty lately. */
  const seasonal = [...events(1, -700), ...events(10, -360), ...events(30, -10)];

  it('holds the next half-year against that of a year ago, not against a busier season', () => {
    expect([0, 9, 12, 13].map((count) => season(seasonal, count))).toEqual(['churn', 'stagnate', 'stagnate', 'grow']);
    expect(came({ past: seasonal, next: events(13, 5) })).toBe('stagnate');
  });

  it('counts the 180 days that began a year ago, and no day beside', () => {
    const past = [...events(5, -365), ...events(5, -186), ...events(50, -366), ...events(50, -185)];
    expect([12, 13].map((count) => season(past, count))).toEqual(['stagnate', 'grow']);
  });

  it('silence in a season that was silent before is no churn', () => {
    const summers = [...events(10, -500), ...events(10, -150)];
    expect([0, 2, 3].map((count) => season(summers, count))).toEqual(['stagnate', 'stagnate', 'grow']);
    expect(came({ past: summers })).toBe('churn');
  });

  it('who was not there a year ago, or was not tracked, is held against the half-year before', () => {
    const young = [...events(10, -300), ...events(30, -10)];
    expect(season(young, 13)).toBe('stagnate');
    expect(season(seasonal, 13, { tracked: '2024-01-01' })).toBe('stagnate');
  });
});

it('more business is never a worse class, whatever the past', () => {
  const yardsticks = fc.constantFrom<Yardstick>('half-year-before', 'same-season');
  const counts = fc.array(fc.nat(40), { minLength: 3, maxLength: 3 });
  const { classes } = trajectoryAgainst('half-year-before');
  fc.assert(
    fc.property(yardsticks, counts, fc.nat(60), (yardstick, [old, yearAgo, lately], next) => {
      const past = [...events(old, -500), ...events(yearAgo, -300), ...events(lately, -20)];
      const of = (count: number) => classes.indexOf(came({ past, next: events(count, 3), yardstick }) as string);
      expect(of(next + 1)).toBeGreaterThanOrEqual(of(next));
    }),
    { numRuns: 60 },
  );
});
