import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import type { ModelCard } from '../../models/index.ts';
import { type Database, registerVersion, versionFor, versionNamed } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

describe.each(drivers.map((driver) => [driver.name, driver] as const))('versions in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  const register = (version: string, until: string, created = '2024-07-01', text = '{}') =>
    registerVersion(
      database,
      { model: 'churn-risk', version, text, checksum: `of ${text}` },
      { trainedUntil: parseDay(until) } as ModelCard,
      new Date(created),
    );
  const chosen = async (asOf: number, model = 'churn-risk') =>
    (await versionFor(database, model, asOf))?.version ?? null;

  it('a day is scored with the latest that had learnt from nothing later', async () => {
    // The order of registration does not matter: an old one may be trained today.
    await register('march', '2024-03-01', '2024-03-01');
    await register('may', '2024-05-01', '2024-05-01');
    await register('april', '2024-04-01', '2024-06-01');
    const [march, april, may] = ['2024-03-01', '2024-04-01', '2024-05-01'].map(parseDay);
    expect(await chosen(march - 1)).toBeNull();
    expect(await chosen(march)).toBe('march');
    expect(await chosen(april - 1)).toBe('march');
    expect(await chosen(april)).toBe('april');
    expect(await chosen(may - 1)).toBe('april');
    expect(await chosen(may)).toBe('may');
    expect(await chosen(parseDay('2030-01-01'))).toBe('may');
    expect(await chosen(may, 'another')).toBeNull();
  });

  it('of two that learnt until the same day, the one made last', async () => {
    await register('first', '2024-03-01', '2024-03-01');
    await register('z-second', '2024-03-01', '2024-03-02');
    await register('a-third', '2024-03-01', '2024-03-03');
    expect(await chosen(parseDay('2024-04-01'))).toBe('a-third');
  });

  it('one registered again is mended where it was damaged', async () => {
    await register('march', '2024-03-01');
    await database.query("update model_version set parameters = 'torn'");
    await register('march', '2024-03-01');
    expect(await versionNamed(database, 'churn-risk', 'march')).toMatchObject({
      text: '{}',
      trainedUntil: parseDay('2024-03-01'),
    });
    expect(await versionNamed(database, 'churn-risk', 'april')).toBeNull();
  });
});
