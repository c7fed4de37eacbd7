import { expect, it } from 'vitest';
import { many, value } from '../../helpers/one-partner.ts';

it('funds_events_365d and funds_days are of what the partner does, not of approvals', () => {
  const events = ['mdf.requested', 'mdf.claimed', 'mdf.approved'].flatMap((kind, i) => many(1, 9 - i, { kind }));
  expect([value('funds_events_365d', events), value('funds_days', events)]).toEqual([2, 8]);
});

it('funds_claimed_share_365d: claims over requests of a year', () => {
  const events = (claimed: number, requested: number, days: number) => [
    ...many(claimed, days, { kind: 'mdf.claimed' }),
    ...many(requested, days, { kind: 'mdf.requested' }),
  ];
  expect(value('funds_claimed_share_365d', [...events(1, 4, 365), ...events(3, 3, 366)])).toBe(0.25);
  expect(value('funds_claimed_share_365d', events(1, 0, 5))).toBeNull();
  expect(value('funds_claimed_share_365d', events(1, 2, 5), { untracked: ['mdf.claimed'] })).toBeNull();
});
