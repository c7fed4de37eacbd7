import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { column, parseDay } from '../../features/index.ts';
import { prospectFeatures } from '../../pipelines/index.ts';
import type { Database } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { storeRows } from '../helpers/stored-events.ts';

describe.each(drivers.map((driver) => [driver.name, driver] as const))('features of prospects in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  it('are those of the version known on the day', async () => {
    const grown = { prospect_id: 'q', name: 'Q' };
    await storeRows(database, 'prospects', [
      { ...grown, known_at: '2024-01-01', employees: '10' },
      { ...grown, known_at: '2024-03-01', employees: '500' },
      { prospect_id: 'late', name: 'L', known_at: '2024-03-01' },
    ]);
    const of = async (day: string) => {
      const { table } = await prospectFeatures(database, parseDay(day));
      return table.entities.map((id, row) => [id, column(table, 'employees')[row]]);
    };
    expect(await of('2024-01-01')).toEqual([]);
    expect(await of('2024-03-01')).toEqual([['q', 10]]);
    expect(await of('2024-03-02')).toEqual([
      ['late', Number.NaN],
      ['q', 500],
    ]);
  });

  it('are of every prospect, however many pages they fill', async () => {
    await database.query(
      `insert into prospect (prospect_id, known_at, name, industry, source, content, load_id)
       select 'q' || i, '2024-01-01', 'Q', case when i % 2 = 0 then 'Retail' end, 's', gen_random_uuid(), 1
       from generate_series(1, 10001) as i`,
    );
    const { view, table } = await prospectFeatures(database, parseDay('2024-02-01'));
    expect(new Set(table.entities).size).toBe(10_001);
    expect(view.features.map(({ name }) => name)).toContain('industry_retail');
    const retail = column(table, 'industry_retail');
    expect([retail.filter((value) => value === 1).length, retail.filter(Number.isNaN).length]).toEqual([5000, 5001]);
  });
});
