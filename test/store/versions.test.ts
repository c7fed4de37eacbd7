import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { type ModelCard, versionsInUse } from '../../models/index.ts';
import {
  type Database,
  lastTrained,
  promoteVersion,
  promotionsOf,
  registerVersion,
  storedVersion,
  versionNamed,
  versionsOf,
} from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

describe.each(drivers.map((driver) => [driver.name, driver] as const))('versions in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  const numbers = Uint8Array.from([0, 7, 255]);
  const register = (version: string, until: string, created = '2024-07-01', text = '{}') =>
    registerVersion(
      database,
      { model: 'churn-risk', version, text, numbers, checksum: `of ${text}` },
      { trainedUntil: parseDay(until) } as ModelCard,
      new Date(created),
    );
  const promote = (version: string, from: string, decided = from, kind: 'promoted' | 'rolled back' = 'promoted') =>
    promoteVersion(database, 'churn-risk', {
      version,
      inUseFrom: parseDay(from),
      kind,
      decidedBy: 'a test',
      why: `for ${version}`,
      decidedAt: parseDay(decided),
    });
  const chosen = async (asOf: number, model = 'churn-risk') => {
    const [version] = versionsInUse(await promotionsOf(database, model), asOf);
    return version === undefined ? null : ((await storedVersion(database, model, version))?.version ?? null);
  };

  it('a day is scored with the one that was in use on it', async () => {
    for (const version of ['march', 'april', 'may', 'unused']) await register(version, '2024-03-01');
    // The order of decisions does not matter: an old one may be trained today.
    await promote('march', '2024-03-01');
    await promote('may', '2024-05-01');
    await promote('april', '2024-04-01', '2024-06-01');
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

  it('of two decisions for the same day the later one holds', async () => {
    for (const version of ['first', 'z-second', 'a-third']) {
      await register(version, '2024-03-01');
      await promote(version, '2024-03-01', '2024-03-02');
    }
    expect(await chosen(parseDay('2024-04-01'))).toBe('a-third');
  });

  it('decisions stay on record: who, when and why', async () => {
    await register('march', '2024-03-01');
    await promote('march', '2024-03-01', '2024-03-02');
    await promote('april', '2024-04-01');
    await promote('march', '2024-04-03', '2024-04-03', 'rolled back');
    expect(await promotionsOf(database, 'churn-risk')).toEqual([
      {
        version: 'march',
        inUseFrom: parseDay('2024-03-01'),
        kind: 'promoted',
        decidedBy: 'a test',
        why: 'for march',
        decidedAt: parseDay('2024-03-02'),
      },
      expect.objectContaining({ version: 'april', kind: 'promoted' }),
      expect.objectContaining({ version: 'march', kind: 'rolled back' }),
    ]);
    expect(await promotionsOf(database, 'another')).toEqual([]);
  });

  it('one registered again is mended where it was damaged, in its text or its numbers', async () => {
    await register('march', '2024-03-01');
    for (const damage of ["parameters = 'torn'", "numbers = '\\x00'", 'numbers = null', "checksum = ''"]) {
      await database.query(`update model_version set ${damage}`);
      expect(await storedVersion(database, 'churn-risk', 'march')).not.toMatchObject({
        text: '{}',
        checksum: 'of {}',
        numbers: expect.objectContaining({ length: 3 }),
      });
      await register('march', '2024-03-01');
      const mended = await storedVersion(database, 'churn-risk', 'march');
      expect(mended).toMatchObject({ text: '{}', checksum: 'of {}', trainedUntil: parseDay('2024-03-01') });
      expect([...(mended?.numbers ?? [])], damage).toEqual([...numbers]);
    }
    expect(await storedVersion(database, 'churn-risk', 'april')).toBeNull();
    expect(await versionNamed(database, 'churn-risk', 'april')).toBeNull();
    expect(Object.keys((await versionNamed(database, 'churn-risk', 'march')) ?? {})).not.toContain('numbers');
  });

  it('are listed, in use or not, the one of the latest facts first', async () => {
    await register('march', '2024-03-01');
    await register('may', '2024-05-01', '2024-05-01');
    await register('may-again', '2024-05-01', '2024-06-01');
    expect((await versionsOf(database, 'churn-risk')).map(({ version }) => version)).toEqual([
      'may-again',
      'may',
      'march',
    ]);
    expect(await lastTrained(database, 'churn-risk', parseDay('2024-04-30'))).toBe(parseDay('2024-03-01'));
    expect(await lastTrained(database, 'churn-risk', parseDay('2024-05-01'))).toBe(parseDay('2024-05-01'));
    expect(await lastTrained(database, 'churn-risk', parseDay('2024-02-01'))).toBeNull();
  });
});
