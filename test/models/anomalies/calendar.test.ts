import { describe, expect, it } from 'vitest';
import { cutoffsBetween, parseDay } from '../../../features/index.ts';
import { besideSlot, SLOTS, slotsOf } from '../../../models/anomalies/calendar.ts';

const week = (day: string) => slotsOf(parseDay(day), 7);
const ends = (slots: readonly number[]) => slots[slots.length - 1] - 60;

describe('the slots of a period', () => {
  it('weeks are of the year their Thursday is of, the days after the 52nd are a 53rd', () => {
    expect([week('2025-12-29')[0], week('2026-01-05')[0], week('2020-12-28')[0], week('2019-12-23')[0]]).toEqual([
      0, 1, 52, 51,
    ]);
  });

  it('say whether a month or a quarter ends in them', () => {
    expect([ends(week('2026-01-26')), ends(week('2026-03-30')), ends(week('2026-02-02'))]).toEqual([1, 2, 0]);
    // May ended on a Sunday, and June began with the Monday after it.
    expect([ends(week('2026-05-25')), ends(week('2026-06-01'))]).toEqual([1, 0]);
    const of = (day: string) => ends(slotsOf(parseDay(day), 1));
    expect([of('2026-01-28'), of('2026-01-29'), of('2026-01-31'), of('2026-02-01'), of('2026-12-31')]).toEqual([
      0, 1, 1, 0, 2,
    ]);
  });

  it('of days hold the day of the week', () => {
    // A Sunday, and the Monday after it.
    expect([slotsOf(parseDay('2026-02-08'), 1)[1], slotsOf(parseDay('2026-02-09'), 1)[1]]).toEqual([53, 54]);
  });

  it('are slots there are, whatever the day, each once; weeks of the year have neighbours that go round', () => {
    for (const day of cutoffsBetween(parseDay('2019-01-01'), parseDay('2029-01-01'), 'day')) {
      for (const slots of [slotsOf(day, 7), slotsOf(day, 1)]) {
        expect(slots.every((slot) => Number.isInteger(slot) && slot >= 0 && slot < SLOTS)).toBe(true);
        expect(new Set(slots).size).toBe(slots.length);
      }
    }
    expect([besideSlot(0), besideSlot(52), besideSlot(55)]).toEqual([
      [52, 1],
      [51, 0],
      [55, 55],
    ]);
  });
});
