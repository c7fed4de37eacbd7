import { expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { settleList } from '../../models/index.ts';
import { keepResult, publishScores, uncountedLists } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

const asOf = parseDay('2024-01-01');

it.each(drivers.map((driver) => [driver.name, driver] as const))(
  'a list is counted once in %s, and again when another version has taken its place',
  async (_, driver) => {
    const database = await driver.open();
    const publish = (version: string) =>
      database.transaction((transaction) =>
        publishScores(
          transaction,
          { model: 'm', version, asOf, watermark: asOf, scored: 0, publishedAt: asOf, made: null },
          [],
          'USD',
        ),
      );
    const left = async (upTo = asOf) => (await uncountedLists(database, 'm', upTo)).map(({ version }) => version);
    await publish('a');
    expect([await left(asOf - DAY), await left()]).toEqual([[], ['a']]);
    await keepResult(database, 'm', { asOf, version: 'a', knownUntil: asOf + 90 * DAY, result: settleList([]) });
    expect(await left()).toEqual([]);
    await publish('b');
    expect(await left()).toEqual(['b']);
    await database.close();
  },
);
