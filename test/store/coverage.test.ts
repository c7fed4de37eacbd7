import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { coverage, type Database } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { storeRows } from '../helpers/stored-events.ts';

describe.each(drivers.map((driver) => [driver.name, driver] as const))('market and coverage in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  it('are those that were known on the day', async () => {
    const cell = { segment: 'health', region: 'EMEA' };
    await storeRows(database, 'market', [
      { ...cell, companies: 100, day: '2024-01-01', known_at: '2024-01-01' },
      { ...cell, companies: 200, day: '2024-04-01', known_at: '2024-04-01' },
      // Corrected later, and counted anew in other letters.
      { ...cell, companies: 150, day: '2024-01-01', known_at: '2024-02-01' },
      { segment: 'Health', region: 'emea ', companies: 300, day: '2024-07-01', known_at: '2024-08-01' },
      // Foreseen a month before its day.
      { ...cell, companies: 400, day: '2024-10-01', known_at: '2024-09-01' },
    ]);
    const on = async (day: string) =>
      (await coverage(database, parseDay(day))).market.map(({ companies }) => companies);
    expect(await on('2024-01-01')).toEqual([]);
    expect(await on('2024-01-02')).toEqual([100]);
    expect(await on('2024-02-02')).toEqual([150]);
    expect(await on('2024-07-15')).toEqual([200]);
    expect(await on('2024-08-02')).toEqual([300]);
    expect(await on('2024-10-01')).toEqual([300]);
    expect(await on('2024-10-02')).toEqual([400]);
  });

  it('leaves out partners that have ended, once that was known', async () => {
    const partner = { name: 'P', industry: 'health', region: 'EMEA', known_at: '2024-01-01', signed_on: '2024-01-01' };
    await storeRows(database, 'partners', [
      { ...partner, partner_id: 'stays' },
      { ...partner, partner_id: 'leaves' },
    ]);
    const agreement = { agreement_id: 'a', partner_id: 'leaves', starts_on: '2024-01-01' };
    await storeRows(database, 'agreements', [
      { ...agreement, known_at: '2024-01-01' },
      { ...agreement, known_at: '2024-06-10', ended_on: '2024-06-01', end_reason: 'partner' },
    ]);
    const on = async (day: string) => (await coverage(database, parseDay(day))).partners.length;
    expect(await on('2024-01-01')).toBe(0);
    expect(await on('2024-06-05')).toBe(2);
    expect(await on('2024-06-11')).toBe(1);
    const [stays] = (await coverage(database, parseDay('2024-06-11'))).partners;
    expect([stays.latest('industry'), stays.latest('region')]).toEqual(['health', 'EMEA']);
  });
});
