import { describe, expect, it } from 'vitest';
import { many, usual, value } from '../../helpers/one-partner.ts';

const login = { kind: 'portal.login' };
const logins = (...days: number[]) => days.flatMap((day) => many(1, day, login));

describe('presence', () => {
  it.each(['life_days_30d', 'life_days_90d', 'life_weeks_180d'])('%s looks as far as its name says', (name) => {
    const days = Number(/_(\d+)d$/.exec(name)?.[1]);
    expect([0, 1, days, days + 1].map((day) => value(name, many(3, day, login)))).toEqual([0, 1, 1, 0]);
    expect(value(name, many(3, 1, { kind: 'survey.sent' }))).toBe(0);
    expect(value(name, [], { trackedDays: days - 1 })).toBeNull();
  });

  it('is counted in days and in weeks that end at the cutoff', () => {
    expect(value('life_days_30d', logins(1, 7, 8, 14, 14))).toBe(4);
    expect(value('life_weeks_180d', logins(1, 7, 8, 14, 15))).toBe(3);
    expect(usual('life_days_90d', logins(1, 365))).toBeCloseTo((2 * 90) / 365, 12);
  });

  it('life_trend_30d: a month to a third of the three before', () => {
    const events = [...many(1, 30, login), ...many(3, 31, login), ...many(3, 120, login), ...many(9, 121, login)];
    expect(value('life_trend_30d', events)).toBeCloseTo(1.5 / 2.5, 12);
    expect(value('life_trend_30d', [], { trackedDays: 119 })).toBeNull();
  });
});

it('what fades counts half for each half-life of its age', () => {
  expect(value('life_faded_30d', logins(30, 60))).toBe(0.75);
  expect(value('events_faded_30d', [...many(1, 30), ...many(1, 90), ...logins(1)])).toBe(0.625);
  expect(value('events_faded_180d', [...many(2, 180), ...many(1, 360)])).toBe(1.25);
  for (const name of ['life_faded_30d', 'events_faded_30d', 'events_faded_180d']) expect(value(name, [])).toBe(0);
});

it('pauses_longer_share: of pauses of 10, 30 and 5 days one is longer than the present of 10', () => {
  const events = [10, 20, 50, 55].flatMap((day) => many(1, day));
  // One more that is longer and one that is not: (1 + 1) / (3 + 2).
  expect(value('pauses_longer_share', events)).toBe(0.4);
  expect(value('pauses_longer_share', many(1, 10))).toBeNull();
  expect(value('pauses_longer_share', [])).toBeNull();
});

describe('habits of the week', () => {
  it('weekday_evenness_180d is 1 when all days are alike and 0 when there is but one', () => {
    expect(value('weekday_evenness_180d', logins(1, 2, 3, 4, 5, 6, 7))).toBeCloseTo(1, 12);
    expect(value('weekday_evenness_180d', logins(1, 8, 15))).toBe(0);
    expect(value('weekday_evenness_180d', logins(1, 2, 8, 9))).toBeCloseTo(Math.log(2) / Math.log(7), 12);
    expect(value('weekday_evenness_180d', logins(181))).toBeNull();
    expect(value('weekday_evenness_180d', logins(1), { trackedDays: 179 })).toBeNull();
  });

  it('weekend_share_180d: the day before a Monday is a Sunday', () => {
    expect(value('weekend_share_180d', logins(1, 2, 3, 4, 7))).toBe(0.4);
    expect(value('weekend_share_180d', logins(3, 180))).toBe(0);
    expect(value('weekend_share_180d', logins(181))).toBeNull();
    expect(value('weekend_share_180d', logins(1), { trackedDays: 179 })).toBeNull();
  });

  it('kinds_180d counts each kind of sign of life once', () => {
    const kinds = ['portal.login', 'content.viewed', 'portal.login', 'survey.sent', 'deal.approved'];
    const events = kinds.flatMap((kind) => many(1, 180, { kind }));
    expect(value('kinds_180d', [...events, ...many(1, 181, { kind: 'meeting.held' })])).toBe(2);
    expect(value('kinds_180d', [])).toBe(0);
    expect(value('kinds_180d', [], { trackedDays: 179 })).toBeNull();
  });
});
