import { describe, expect, it } from 'vitest';
import type { Agreement, EndReason } from '../../features/index.ts';
import { lifecycleOf } from '../../features/index.ts';
import type { SomeEvent } from '../helpers/facts.ts';
import { daysBefore, historyOf, type Known, many } from '../helpers/one-partner.ts';

const agreement = (id: string, ended: number | null, endReason: EndReason): Agreement => ({
  id,
  startsOn: daysBefore(1000),
  renewsOn: null,
  noticeDays: null,
  endedOn: ended === null ? null : daysBefore(ended),
  endReason,
  knownAt: daysBefore(Math.max(ended ?? 1000, 1)),
});
const signed = (days: number) => [{ at: daysBefore(days), knownAt: daysBefore(days) }];
const stateOf = (events: readonly SomeEvent[], known: Known = {}) => lifecycleOf(historyOf(events, known));
const VISIT = { kind: 'portal.login' };

/** So many visits in each 30 days, the last first. */
const months = (...visits: number[]): SomeEvent[] =>
  visits.flatMap((count, month) => many(count, 30 * month + 15, VISIT));
const YEAR_WITH_SEASON = [6, 6, 6, 6, 6, 6, 6, 1, 0, 1, 6, 6];

describe('where a partner stands', () => {
  it('is onboarding until its first business, and says for how long', () => {
    expect(stateOf(many(3, 10, VISIT), { signed: signed(71) })).toMatchObject({
      state: 'onboarding',
      because: 'not activated, 71 days since signing',
    });
  });

  it('is active up to 90 days after its last business, dormant from then on', () => {
    expect(stateOf(many(1, 90), { signed: signed(400) })).toMatchObject({
      state: 'active',
      because: 'last business 90 days ago',
    });
    expect(stateOf(many(1, 91), { signed: signed(400) })).toMatchObject({
      state: 'dormant',
      because: 'no business for 91 days',
    });
  });

  it.each([
    ['partner', 'by the partner'],
    ['vendor', 'by us'],
    ['merged', 'merged into another'],
    [null, 'nobody said why'],
  ] as const)('has ended, by %s, when no agreement is left, business or not', (reason, words) => {
    const agreements = [agreement('a', 300, 'partner'), agreement('b', 20, reason)];
    const told = stateOf(many(1, 30), { signed: signed(400), agreements });
    expect(told).toMatchObject({ state: 'ended', endedBy: reason ?? 'unknown' });
    expect(told.because).toBe(`ended on 2024-06-11, ${words}`);
  });

  it('goes on while one agreement does', () => {
    const agreements = [agreement('a', 300, 'partner'), agreement('b', null, null)];
    expect(stateOf(many(1, 30), { agreements })).toMatchObject({ state: 'active', endedBy: null });
  });

  it('is unknown where it may have sold before the records begin, until they have been silent for 180 days', () => {
    expect(stateOf([], { signed: signed(400), trackedDays: 179 })).toMatchObject({
      state: 'unknown',
      because: 'too early to tell: no business in 179 days of records; signed before the records begin, 400 days ago',
    });
    expect(stateOf([], { signed: signed(400), trackedDays: 180 }).state).toBe('onboarding');
    expect(stateOf(many(1, 5, VISIT), { trackedDays: 90 }).because).toMatch(/nobody knows when it signed$/);
  });
});

describe('a seasonal partner', () => {
  const visits = [...YEAR_WITH_SEASON, ...YEAR_WITH_SEASON, ...YEAR_WITH_SEASON];

  it('is seasonal and not dormant when it is quiet at the time of year at which it always is', () => {
    // The season as it comes now, and as it came in the two years before.
    const quietNow = [0, 0, 1, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0.2, 0, 1, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0, 0, 1, 6, 6, 6, 6];
    const told = stateOf([...months(...quietNow.map(Math.floor)), ...many(1, 95)], { signed: signed(1500) });
    expect(told).toMatchObject({ state: 'seasonal', seasonal: true });
    expect(told.because).toMatch(/^no business for 95 days, as every year at this time: in the 2 years on record/);
  });

  it('is active in the other months, and known to be seasonal', () => {
    expect(stateOf([...months(...visits), ...many(1, 5)], { signed: signed(1500) })).toMatchObject({
      state: 'active',
      seasonal: true,
    });
  });

  it('is dormant when it is quiet at another time of year', () => {
    expect(stateOf([...months(...visits), ...many(1, 95)], { signed: signed(1500) })).toMatchObject({
      state: 'dormant',
      seasonal: true,
    });
  });

  it('is not told from one cycle, nor where it was quiet once, nor where it never came back', () => {
    const short = { signed: signed(1500), trackedDays: 500 };
    expect(stateOf([...months(...visits), ...many(1, 5)], short).seasonal).toBeNull();
    const once = [...YEAR_WITH_SEASON, ...new Array<number>(24).fill(6)];
    expect(stateOf([...months(...once), ...many(1, 5)], { signed: signed(1500) }).seasonal).toBe(false);
    const left = [...new Array<number>(9).fill(0), ...new Array<number>(27).fill(6)];
    expect(stateOf([...months(...left), ...many(1, 300)], { signed: signed(1500) })).toMatchObject({
      state: 'dormant',
      seasonal: false,
    });
  });
});

describe('off the portal', () => {
  it('does business without visits in 180 days; with one visit it does not', () => {
    expect(stateOf(many(3, 20)).offPortal).toBe(true);
    expect(stateOf([...many(3, 20), ...many(1, 179, VISIT)]).offPortal).toBe(false);
  });

  it('cannot be told with too little business, or where the portal is not tracked', () => {
    expect(stateOf(many(2, 20)).offPortal).toBeNull();
    const kinds = ['portal.login', 'content.viewed', 'content.downloaded'];
    expect(stateOf(many(3, 20), { untracked: kinds }).offPortal).toBeNull();
  });
});
