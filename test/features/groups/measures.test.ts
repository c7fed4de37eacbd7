import { describe, expect, it } from 'vitest';
import { daysBefore, many, usual, value } from '../../helpers/one-partner.ts';

const COUNTED: [name: string, kind: string][] = [
  ['deals_registered_90d', 'deal.registered'],
  ['deals_registered_365d', 'deal.registered'],
  ['deals_approved_365d', 'deal.approved'],
  ['deals_rejected_365d', 'deal.rejected'],
  ['deals_won_90d', 'deal.won'],
  ['deals_won_365d', 'deal.won'],
  ['deals_lost_365d', 'deal.lost'],
  ['leads_accepted_90d', 'lead.accepted'],
  ['leads_accepted_365d', 'lead.accepted'],
  ['leads_converted_365d', 'lead.converted'],
  ['certificates_365d', 'certification.earned'],
  ['certificates_expired_180d', 'certification.expired'],
  ['funds_events_365d', 'mdf.requested'],
  ['campaigns_365d', 'campaign.launched'],
  ['support_cases_90d', 'support.opened'],
  ['support_cases_365d', 'support.opened'],
  ['meetings_90d', 'meeting.held'],
  ['meetings_365d', 'demo.requested'],
];

describe.each(COUNTED)('%s counts %s', (name, kind) => {
  const days = Number(/_(\d+)d$/.exec(name)?.[1]);

  it('in its window, and nothing else', () => {
    expect([0, 1, days, days + 1].map((day) => value(name, many(2, day, { kind })))).toEqual([0, 2, 2, 0]);
    expect(value(name, many(2, 1, { kind: 'content.viewed' }))).toBe(0);
  });

  it('with what a year amounts to as the baseline, but for a year itself', () => {
    const baseline = usual(name, [...many(3, 1, { kind }), ...many(70, 365, { kind })]);
    if (days === 365) expect(baseline).toBeUndefined();
    else expect(baseline).toBeCloseTo((73 * days) / 365, 12);
  });

  it('and is unknown where the window began before anything was tracked', () => {
    expect(value(name, [], { trackedDays: days })).toBe(0);
    expect(value(name, [], { trackedDays: days - 1 })).toBeNull();
    if (days < 365) expect(usual(name, [], { trackedDays: 364 })).toBeNull();
  });
});

describe.each([
  ['won_amount_90d', 'deal.won'],
  ['won_amount_365d', 'deal.won'],
  ['funds_claimed_365d', 'mdf.claimed'],
])('%s adds up money of %s', (name, kind) => {
  const days = Number(/_(\d+)d$/.exec(name)?.[1]);
  const of = (amount: number | null, currency: string | null, day = 1) =>
    many(1, day, { kind, value: amount, currency });

  it('in its window', () => {
    expect([0, 1, days, days + 1].map((day) => value(name, of(1200, 'USD', day)))).toEqual([0, 1200, 1200, 0]);
    expect(value(name, [...of(1200, 'USD'), ...of(300, 'USD')])).toBe(1500);
    expect(usual(name, of(7300, 'USD', 365))).toBe(days < 365 ? (7300 * days) / 365 : undefined);
  });

  it('and is unknown where an amount is, or its rate, or where it is not tracked', () => {
    expect(value(name, [])).toBe(0);
    for (const other of [of(300, 'EUR'), of(null, 'USD'), of(300, null)]) {
      expect(value(name, [...of(1200, 'USD'), ...other])).toBeNull();
    }
    expect(value(name, [], { untracked: [kind] })).toBeNull();
  });
});

it.each([
  ['deal_registered_days', 'deal.registered'],
  ['deal_won_days', 'deal.won'],
  ['lead_accepted_days', 'lead.accepted'],
  ['learning_days', 'training.completed'],
  ['learning_days', 'certification.earned'],
  ['funds_days', 'mdf.claimed'],
  ['meeting_days', 'demo.requested'],
])('%s tells how long ago the latest %s was, and how long its pauses are', (name, kind) => {
  const events = [5, 15, 45].flatMap((day) => many(1, day, { kind }));
  expect(value(name, [...events, ...many(1, 1, { kind: 'content.viewed' })])).toBe(5);
  expect(usual(name, events)).toBe(20);
  expect(value(name, [])).toBeNull();
  expect(usual(name, [{ at: daysBefore(5), kind }])).toBeNull();
});
