import { describe, expect, it } from 'vitest';
import { type Agreement, DAY, hasEnded, parseDay, views } from '../../features/index.ts';
import type { SomeEvent } from '../helpers/facts.ts';
import { CUTOFF, daysBefore, historyOf, many, RUNNING, value } from '../helpers/one-partner.ts';

const [view] = views;

describe('the window of a feature is as long as its name says', () => {
  const kinds: Record<string, string> = { portal: 'portal.login', learning: 'training.completed' };
  const windowed = view.features.flatMap(({ name }) => {
    const [, what, days] =
      /^(events|active_days|active_weeks|contacts|products|portal_events|learning_events)_(\d+)d$/.exec(name) ?? [
        undefined,
        undefined,
        undefined,
      ];
    return what === undefined ? [] : [{ name, days: Number(days), kind: kinds[what.split('_')[0]] }];
  });

  it('there are such features', () => expect(windowed).toHaveLength(5 * 5 + 2 + 2));

  it.each(windowed)('$name', ({ name, days, kind }) => {
    const on = (day: number) =>
      value(name, [{ at: daysBefore(day), contactId: 'ann', product: 'core', ...(kind && { kind }) }]);
    expect([0, 1, days, days + 1].map(on)).toEqual([0, 1, 1, 0]);
  });

  it('top_contact_share_180d', () => {
    const on = (day: number) => value('top_contact_share_180d', [{ at: daysBefore(day), contactId: 'ann' }]);
    expect([180, 181].map(on)).toEqual([1, null]);
  });
});

describe('rhythm', () => {
  const names = ['recency_to_gap_mean', 'recency_to_gap_median', 'recency_to_gap_longest'];
  const gaps = ['gap_mean_days', 'gap_median_days', 'gap_longest_days'];
  const all = (events: SomeEvent[]) => [...names, ...gaps].map((name) => value(name, events));
  const unknown = [null, null, null, null, null, null];

  it('is unknown until there are two days with business', () => {
    expect(all([])).toEqual(unknown);
    expect(all(many(1, 20))).toEqual(unknown);
    expect(all(many(2, 20))).toEqual(unknown);
    expect(all([...many(1, 20), ...many(1, 50, { kind: 'portal.login' })])).toEqual(unknown);
    expect(all([...many(1, 20), ...many(1, 30)])).toEqual([2, 2, 2, 10, 10, 10]);
  });

  it('holds the days since the last business against mean, median and longest gap', () => {
    // Gaps of 10, 20 and 60 days, then 60 days of silence.
    const events = [60, 70, 90, 150].flatMap((days) => many(1, days));
    expect(all(events)).toEqual([2, 3, 1, 30, 20, 60]);
  });
});

describe('trend', () => {
  it.each([
    // recent, back, events in them, what the latter lead to expect in the former
    [30, 60, 4, 2],
    [30, 150, 10, 2],
    [90, 90, 2, 2],
    [90, 275, 55, 18],
    [180, 185, 37, 36],
  ])('of %d days to the prior %d', (recent, back, before, expected) => {
    const events = [...many(1, recent), ...many(before, recent + back), ...many(9, recent + back + 1)];
    expect(value(`trend_${recent}d_to_prior_${back}d`, events)).toBeCloseTo(1.5 / (expected + 0.5), 12);
    expect(value(`trend_${recent}d_to_prior_${back}d`, many(1, recent + 1))).toBeLessThan(1);
  });

  it('of the portal: 30 days to a third of the 90 before', () => {
    const visits = (count: number, days: number) => many(count, days, { kind: 'portal.login' });
    const events = [...visits(1, 30), ...visits(3, 31), ...visits(3, 120), ...visits(9, 121)];
    expect(value('portal_trend_30d', events)).toBeCloseTo(1.5 / 2.5, 12);
  });
});

describe('season', () => {
  it('ahead: the 90 days that followed this day a year ago', () => {
    const on = (days: number) => value('season_ahead_90d', many(1, days));
    expect([366, 365, 276, 275].map(on)).toEqual([0, 1, 1, 0]);
  });

  it('change: the last 90 days over the same 90 days a year ago', () => {
    const events = [...many(1, 90), ...many(9, 91), ...many(9, 365), ...many(1, 366), ...many(1, 455), ...many(9, 456)];
    expect(value('season_change_90d', events)).toBeCloseTo(1.5 / 2.5, 12);
  });
});

describe('people', () => {
  const by = (contactId: string, ...days: number[]): SomeEvent[] =>
    days.map((day) => ({ at: daysBefore(day), contactId }));

  it.each([90, 180])('kept, new and lost over twice %d days', (days) => {
    const events = [
      ...by('both', 1, days + 1),
      ...by('both again', days - 1, 2 * days - 1),
      ...by('edges', days, 2 * days),
      ...by('new', 1, days),
      ...by('new since long ago', 1, 2 * days + 1),
      ...by('lost', days + 1),
    ];
    expect(value(`contacts_kept_${days}d`, events)).toBe(3);
    expect(value(`contacts_new_${days}d`, events)).toBe(2);
    expect(value(`contacts_lost_${days}d`, events)).toBe(1);
    expect(value(`contacts_${days}d`, events)).toBe(5);
  });

  it('the busiest has its share of what names a contact', () => {
    const events = [...by('ann', 1, 2, 3), ...by('bob', 4), ...many(4, 5)];
    expect(value('top_contact_share_180d', events)).toBe(0.75);
  });
});

describe('agreements', () => {
  const endedOn = (days: number, more: Partial<Agreement> = {}): Agreement => ({
    ...RUNNING,
    endedOn: daysBefore(days),
    endReason: 'partner',
    ...more,
  });
  const renewal = (...agreements: Agreement[]) => value('days_to_renewal', [], { agreements });
  const over = (...agreements: Agreement[]) => hasEnded(historyOf([], { agreements }));

  it('the next renewal is that of one that goes on, the soonest ahead', () => {
    expect(renewal()).toBeNull();
    expect(renewal(RUNNING)).toBe(40);
    expect(renewal({ ...RUNNING, renewsOn: null })).toBeNull();
    expect([-1, 0].map((days) => renewal({ ...RUNNING, renewsOn: CUTOFF + days * DAY }))).toEqual([null, 0]);
    expect(renewal(RUNNING, { ...RUNNING, id: 'b', renewsOn: CUTOFF + 30 * DAY })).toBe(30);
  });

  it('one that has ended is not renewed', () => {
    expect([1, 0, -5].map((days) => renewal(endedOn(days)))).toEqual([null, 40, 40]);
    expect(renewal(RUNNING, endedOn(1, { id: 'b', renewsOn: CUTOFF + 10 * DAY }))).toBe(40);
  });

  it('a partnership has ended when its agreements ended before the cutoff, not on it', () => {
    expect([1, 0, -1].map((days) => over(endedOn(days)))).toEqual([true, false, false]);
  });

  it('a partnership has not ended while one agreement goes on, nor without any', () => {
    expect(over(endedOn(1), { ...RUNNING, id: 'b' })).toBe(false);
    expect(over(endedOn(1), endedOn(2, { id: 'b' }))).toBe(true);
    expect(over()).toBe(false);
  });

  it('an end that became known at the cutoff was not known', () => {
    expect(over(RUNNING, endedOn(5, { knownAt: CUTOFF }))).toBe(false);
    expect(over(RUNNING, endedOn(5, { knownAt: CUTOFF - 1 }))).toBe(true);
  });
});

describe('at risk of churn', () => {
  const atRisk = (events: SomeEvent[], agreements: Agreement[] = []) => view.atRisk(historyOf(events, { agreements }));

  it('is who did business three times, once in the last 90 days', () => {
    expect([2, 3].map((count) => atRisk(many(count, 90)))).toEqual([false, true]);
    expect([90, 91].map((days) => atRisk([...many(2, 200), ...many(1, days)]))).toEqual([true, false]);
    expect(atRisk([...many(2, 90), ...many(1, 1, { kind: 'portal.login' })])).toBe(false);
  });

  it('is nobody whose partnership has ended', () => {
    const ended: Agreement = {
      id: 'a',
      startsOn: parseDay('2023-01-01'),
      renewsOn: null,
      noticeDays: null,
      endedOn: daysBefore(1),
      endReason: 'partner',
      knownAt: daysBefore(1),
    };
    expect(atRisk(many(3, 90), [ended])).toBe(false);
    expect(atRisk(many(3, 90), [{ ...ended, endedOn: CUTOFF }])).toBe(true);
  });
});
