import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countWeeks,
  DAY,
  parseDay,
  startOfWeek,
  type TrackedMetric,
  trackedMetrics,
  WEEK,
} from '../../features/index.ts';
import { columnsOf, programSince } from '../helpers/facts.ts';

/** A Monday. */
const FIRST = parseDay('2024-01-01');
const KNOWN_BEFORE = parseDay('2024-02-01');

function metricsOf(since: number = FIRST): TrackedMetric[] {
  return trackedMetrics(programSince(since), FIRST, FIRST + 4 * WEEK, KNOWN_BEFORE);
}

function weeksOf(events: Parameters<typeof columnsOf>[0], profiles?: Parameters<typeof columnsOf>[1]) {
  const metrics = metricsOf();
  const counts = countWeeks(columnsOf(events, profiles), {
    metrics,
    first: FIRST,
    weeks: 4,
    knownBefore: KNOWN_BEFORE,
  });
  return (name: string) => [...counts.values[metrics.findIndex(({ metric }) => metric.name === name)]];
}

const visit = (at: string, known?: string) => ({ at, kind: 'portal.login', ...(known !== undefined && { known }) });

it('a metric is followed once it was known that its kinds are tracked, and not before', () => {
  const tracking = (knownBy: number) => [{ kind: 'portal.login', since: FIRST, knownBy }];
  const followed = (knownBy: number) =>
    trackedMetrics({ ...programSince(FIRST), tracking: tracking(knownBy) }, FIRST, FIRST + 4 * WEEK, KNOWN_BEFORE).map(
      ({ metric }) => metric.name,
    );
  expect([followed(KNOWN_BEFORE - 1), followed(KNOWN_BEFORE)]).toEqual([['portal_visits'], []]);
});

describe('weeks begin on Mondays, UTC', () => {
  it.each([
    ['2024-01-01', '2024-01-01'],
    ['2024-01-07', '2024-01-01'],
    ['2024-01-08', '2024-01-08'],
    // The last week of a year reaches into the next; years of 53 weeks have nothing of their own.
    ['2027-01-03', '2026-12-28'],
    ['1970-01-01', '1969-12-29'],
    // Clocks change in Europe on this Sunday.
    ['2024-03-31', '2024-03-25'],
  ])('%s lies in the week of %s', (day, monday) => {
    expect(startOfWeek(parseDay(day))).toBe(parseDay(monday));
  });

  it('every instant lies in the seven days that its week begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4e12, max: 4e12 }), (instant) => {
        const monday = startOfWeek(instant);
        expect(new Date(monday).getUTCDay()).toBe(1);
        expect(instant - monday).toBeGreaterThanOrEqual(0);
        expect(instant - monday).toBeLessThan(7 * DAY);
      }),
    );
  });
});

describe('a partner, week by week', () => {
  it('has its events in the weeks they happened in; the first, in which it was first seen, is not whole', () => {
    const weeks = weeksOf({ p: [visit('2024-01-03'), visit('2024-01-08'), visit('2024-01-14'), visit('2024-01-28')] });
    expect(weeks('portal_visits')).toEqual([Number.NaN, 2, 0, 1]);
    expect(weeks('deals_registered')).toEqual([Number.NaN, 0, 0, 0]);
  });

  it('shows a late fact in its own week once it is known, and not before', () => {
    const weeks = weeksOf({
      p: [visit('2023-12-01'), visit('2024-01-09', '2024-01-31'), visit('2024-01-10', '2024-02-01')],
    });
    expect(weeks('portal_visits')).toEqual([0, 1, 0, 0]);
  });

  it('shows the version of a corrected fact that stood', () => {
    const first = { at: '2024-01-09', kind: 'portal.login', replacedAt: parseDay('2024-01-20') };
    const corrected = { at: '2024-01-16', known: '2024-01-20', kind: 'portal.login' };
    const weeks = weeksOf({ p: [visit('2023-12-01'), first, corrected] });
    expect(weeks('portal_visits')).toEqual([0, 0, 1, 0]);
  });

  it('shows the version that stood when it was corrected at that very moment, and later not', () => {
    const replacedAt = (replaced: number) => ({ at: '2024-01-09', kind: 'portal.login', replacedAt: replaced });
    const seen = (replaced: number) => weeksOf({ p: [visit('2023-12-01'), replacedAt(replaced)] })('portal_visits');
    expect([seen(KNOWN_BEFORE), seen(KNOWN_BEFORE - 1)]).toEqual([
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('counts deals won and adds up their amounts; one in a currency without a rate is worth nothing', () => {
    const won = (at: string, value: number | null, currency: string | null) => ({
      at,
      kind: 'deal.won',
      value,
      currency,
    });
    const weeks = weeksOf({
      p: [
        visit('2023-12-01'),
        won('2024-01-09', 500, 'USD'),
        won('2024-01-10', 250, 'USD'),
        won('2024-01-11', null, 'EUR'),
      ],
    });
    expect(weeks('deals_won')).toEqual([0, 3, 0, 0]);
    expect(weeks('won_amount')).toEqual([0, 750, 0, 0]);
  });

  it('is unknown before it signed, and from the week in which its last agreement ended', () => {
    const agreement = { id: 'a', startsOn: FIRST, renewsOn: null, noticeDays: null, knownAt: FIRST };
    const profile = {
      signed: [{ at: parseDay('2024-01-05'), knownAt: FIRST }],
      agreements: [{ ...agreement, endedOn: parseDay('2024-01-24'), endReason: 'partner' as const }],
      attributes: [],
    };
    const weeks = weeksOf({ p: [visit('2023-12-01'), visit('2024-01-09'), visit('2024-01-23')] }, { p: profile });
    expect(weeks('portal_visits')).toEqual([Number.NaN, 1, 0, Number.NaN]);
  });

  it('has a region and a type as they were known', () => {
    const attribute = { attribute: 'region', validFrom: FIRST, knownAt: FIRST };
    const attributes = [
      { ...attribute, value: 'EMEA' },
      { ...attribute, value: 'APAC', validFrom: KNOWN_BEFORE, knownAt: KNOWN_BEFORE },
    ];
    const columns = columnsOf({ p: [] }, { p: { signed: [], agreements: [], attributes } });
    const counts = countWeeks(columns, { metrics: metricsOf(), first: FIRST, weeks: 4, knownBefore: KNOWN_BEFORE });
    expect([counts.regions, counts.segments]).toEqual([['EMEA'], ['']]);
  });

  it('all days of all weeks together are all events of known weeks or not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 27 }), { maxLength: 40 }), (days) => {
        const events = [visit('2023-12-01'), ...days.map((day) => ({ at: FIRST + day * DAY, kind: 'portal.login' }))];
        const metrics = metricsOf();
        const plan = { metrics, first: FIRST, weeks: 4, knownBefore: KNOWN_BEFORE };
        const { values, daily } = countWeeks(columnsOf({ p: events }), plan);
        const m = metrics.findIndex(({ metric }) => metric.name === 'portal_visits');
        for (let week = 0; week < 4; week++) {
          const ofDays = daily[m].slice(7 * week, 7 * week + 7).reduce((sum, count) => sum + count, 0);
          expect(values[m][week]).toBe(ofDays);
        }
      }),
    );
  });
});

describe('metrics of a program', () => {
  const names = (program: Parameters<typeof trackedMetrics>[0]) =>
    trackedMetrics(program, FIRST, FIRST + 4 * WEEK, KNOWN_BEFORE).map(({ metric }) => metric.name);

  it('are those whose kinds are on record, and what it declares as business that no other counts', () => {
    expect(names(programSince(FIRST))).toEqual([
      'portal_visits',
      'deals_registered',
      'deals_won',
      'won_amount',
      'trainings',
    ]);
    expect(names(programSince(FIRST, 'contribution.made'))).toContain('other_business');
  });

  it('do not count a kind that began in the second half of the time: its beginning is no change', () => {
    const program = programSince(FIRST);
    const late = { kind: 'content.viewed', knownBy: FIRST, since: FIRST + 3 * WEEK };
    const early = { ...late, since: FIRST + WEEK };
    const [visits] = trackedMetrics(
      { ...program, tracking: [...program.tracking, late] },
      FIRST,
      FIRST + 4 * WEEK,
      KNOWN_BEFORE,
    );
    expect([...visits.kinds]).toEqual(['portal.login']);
    const [both] = trackedMetrics(
      { ...program, tracking: [...program.tracking, early] },
      FIRST,
      FIRST + 4 * WEEK,
      KNOWN_BEFORE,
    );
    expect([[...both.kinds], both.since]).toEqual([['portal.login', 'content.viewed'], FIRST + WEEK]);
  });
});
