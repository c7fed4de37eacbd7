import { describe, expect, it } from 'vitest';
import type { SomeEvent } from '../../helpers/facts.ts';
import { daysBefore, many, value } from '../../helpers/one-partner.ts';

type Stage = 'registered' | 'approved' | 'rejected' | 'won' | 'lost';

/** A deal and so many days ago it came to where; its amounts are in dollars unless said otherwise. */
function deal(
  dealId: string | null,
  stages: Partial<Record<Stage, number>>,
  amount: number | null = 1000,
  currency = 'USD',
): SomeEvent[] {
  return Object.entries(stages).map(([stage, days]) => ({
    at: daysBefore(days),
    kind: `deal.${stage}`,
    dealId,
    value: amount,
    currency,
  }));
}

describe('open deals', () => {
  const open = (...events: SomeEvent[][]) => value('open_deals', events.flat());

  it('are those registered within a year and not decided', () => {
    expect(open()).toBe(0);
    expect(open(deal('a', { registered: 1 }), deal('b', { registered: 365 }), deal('c', { registered: 366 }))).toBe(2);
    expect(open(deal('a', { registered: 50, approved: 40 }))).toBe(1);
    for (const end of ['won', 'lost', 'rejected']) expect(open(deal('a', { registered: 50, [end]: 40 })), end).toBe(0);
    expect(open(deal('a', { registered: 50 }), deal('a', { registered: 49 }))).toBe(1);
  });

  it('are unknown where registrations are not tracked for a year, or an event of the year does not name its deal', () => {
    expect(value('open_deals', [], { untracked: ['deal.registered'] })).toBeNull();
    expect(value('open_deals', [], { trackedDays: 364 })).toBeNull();
    expect(open(deal('a', { registered: 50 }), deal(null, { registered: 365 }))).toBeNull();
    expect(open(deal('a', { registered: 50 }), deal(null, { won: 20 }))).toBeNull();
    expect(open(deal('a', { registered: 50 }), deal(null, { registered: 366 }))).toBe(1);
  });

  it('are worth what their latest events say', () => {
    const worth = (...events: SomeEvent[][]) => value('pipeline_amount', events.flat());
    expect(worth()).toBe(0);
    expect(worth(deal('a', { registered: 9 }), deal('b', { registered: 8 }, 250), deal('c', { won: 3 }))).toBe(1250);
    const raised = [...deal('a', { registered: 9 }), ...deal('a', { approved: 5 }, 1500)];
    expect(worth(raised)).toBe(1500);
    expect(worth(raised, deal('a', { registered: 4 }, null))).toBe(1500);
    expect(worth(raised, deal('b', { registered: 9 }, 10, 'EUR'))).toBeNull();
    expect(worth(raised, deal('b', { registered: 9 }, null))).toBeNull();
    expect(worth(raised, deal(null, { registered: 9 }))).toBeNull();
    expect(value('pipeline_amount', [], { untracked: ['deal.registered'] })).toBeNull();
  });

  it('have an age, the median', () => {
    const age = (...days: number[]) =>
      value(
        'open_deal_age_days',
        days.flatMap((day) => deal(`d${day}`, { registered: day })),
      );
    expect(age()).toBeNull();
    expect(age(100, 10, 30)).toBe(30);
    expect(age(10, 30)).toBe(20);
    expect(value('open_deal_age_days', deal(null, { registered: 5 }))).toBeNull();
  });
});

it('deal_cycle_days is the median time from registration to win, of the wins of two years', () => {
  const cycle = (...events: SomeEvent[][]) => value('deal_cycle_days', events.flat());
  const forty = deal('a', { registered: 770, won: 730 });
  expect(cycle(forty)).toBe(40);
  expect(cycle(forty, deal('b', { registered: 60, approved: 55, won: 50 }))).toBe(25);
  expect(cycle(deal('a', { registered: 771, won: 731 }))).toBeNull();
  expect(cycle(deal('a', { won: 50 }))).toBeNull();
  expect(cycle(deal('a', { registered: 40, won: 50 }))).toBeNull();
  expect(cycle()).toBeNull();
});

it('losses_in_a_row are the deals lost since the last win', () => {
  const losses = (...events: SomeEvent[][]) => value('losses_in_a_row', events.flat());
  const lost = (...days: number[]) => days.flatMap((day) => deal(`d${day}`, { registered: day + 9, lost: day }));
  expect(losses()).toBe(0);
  expect(losses(lost(50, 20, 10))).toBe(3);
  expect(losses(lost(50, 20, 10), deal('w', { won: 30 }))).toBe(2);
  expect(losses(lost(50, 30), deal('w', { won: 30 }))).toBe(0);
  // One that does not name its deal may be one of those, or another.
  expect(losses(lost(50, 20), deal(null, { lost: 20 }), deal('w', { won: 30 }))).toBeNull();
  expect(losses(lost(20), deal(null, { lost: 50 }), deal('w', { won: 30 }))).toBe(1);
  expect(value('losses_in_a_row', [], { untracked: ['deal.lost'] })).toBeNull();
});

it('deal_accounts_365d counts each account once', () => {
  const on = (accountId: string | null, days: number) => many(2, days, { accountId, kind: 'deal.won' });
  expect(value('deal_accounts_365d', [...on('a', 1), ...on('b', 365), ...on('c', 366), ...on(null, 5)])).toBe(2);
  expect(value('deal_accounts_365d', many(1, 1, { accountId: 'a', kind: 'order.placed' }))).toBe(0);
  expect(value('deal_accounts_365d', [], { trackedDays: 364 })).toBeNull();
});

it('deals_won_change_180d holds half a year against the one before', () => {
  const won = (count: number, days: number) => many(count, days, { kind: 'deal.won' });
  const events = [...won(1, 180), ...won(2, 181), ...won(1, 360), ...won(9, 361)];
  expect(value('deals_won_change_180d', events)).toBeCloseTo(1.5 / 3.5, 12);
  expect(value('deals_won_change_180d', [])).toBe(1);
  expect(value('deals_won_change_180d', [], { trackedDays: 359 })).toBeNull();
});
