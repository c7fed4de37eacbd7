import { expect, it } from 'vitest';
import { DAY } from '../../../features/index.ts';
import { CUTOFF, daysBefore, many, RUNNING, value } from '../../helpers/one-partner.ts';

it('tenure_days begins with the first business, not with a login', () => {
  expect(value('tenure_days', [...many(1, 10), ...many(1, 400), ...many(1, 500, { kind: 'portal.login' })])).toBe(400);
  expect(value('tenure_days', many(1, 500, { kind: 'portal.login' }))).toBeNull();
});

it('signed_days is told once it is known that the partner signed', () => {
  const signed = (days: number, known: number) => ({ at: daysBefore(days), knownAt: daysBefore(known) });
  expect(value('signed_days', [], { signed: [signed(700, 650)] })).toBe(700);
  expect(value('signed_days', [], { signed: [signed(700, 650), signed(800, 1), signed(900, 0)] })).toBe(800);
  expect(value('signed_days', [], { signed: [signed(700, 650), signed(800, 650)] })).toBe(800);
  expect(value('signed_days', [], { signed: [signed(700, 0)] })).toBeNull();
  expect(value('signed_days', [])).toBeNull();
});

it('days_to_notice: the renewal less the days of notice, the soonest of those that go on', () => {
  const notice = (...agreements: (typeof RUNNING)[]) => value('days_to_notice', [], { agreements });
  expect(notice({ ...RUNNING, noticeDays: 30 })).toBe(10);
  expect(notice({ ...RUNNING, noticeDays: 60 })).toBe(-20);
  expect(notice({ ...RUNNING, noticeDays: 0, renewsOn: CUTOFF })).toBe(0);
  const later = { ...RUNNING, id: 'b', renewsOn: CUTOFF + 100 * DAY, noticeDays: 95 };
  expect(notice({ ...RUNNING, noticeDays: 30 }, later)).toBe(5);
  expect(notice(RUNNING, later)).toBe(5);
});

it('days_to_notice is unknown without a renewal ahead, without days of notice, and of what has ended', () => {
  const notice = (more: Partial<typeof RUNNING>) =>
    value('days_to_notice', [], { agreements: [{ ...RUNNING, noticeDays: 30, ...more }] });
  for (const more of [
    { noticeDays: null },
    { renewsOn: null },
    { renewsOn: CUTOFF - DAY },
    { endedOn: CUTOFF - DAY },
  ]) {
    expect(notice(more)).toBeNull();
  }
  expect(value('days_to_notice', [])).toBeNull();
});
