import { expect, it } from 'vitest';
import { many, value } from '../../helpers/one-partner.ts';

it('certified_share_180d: of the people active in half a year, those who earned a certificate in a year', () => {
  const active = (contactId: string | null, days = 1) => many(2, days, { kind: 'portal.login', contactId });
  const certified = (contactId: string, days: number) => many(1, days, { kind: 'certification.earned', contactId });
  const share = (...events: ReturnType<typeof many>[]) => value('certified_share_180d', events.flat());
  expect(share(active('ann'), active('bob', 180), certified('ann', 365))).toBe(0.5);
  expect(share(active('ann'), active('bob', 181), certified('ann', 365), certified('bob', 300))).toBe(1);
  expect(share(active('ann'), certified('ann', 366))).toBe(0);
  expect(share(active(null), certified('ann', 300))).toBeNull();
  expect(value('certified_share_180d', active('ann'), { untracked: ['certification.earned'] })).toBeNull();
  expect(value('certified_share_180d', active('ann'), { trackedDays: 364 })).toBeNull();
});
