import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { runDaily, tellWithoutRate } from '../../pipelines/index.ts';
import type { Database } from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { drivers } from '../helpers/databases.ts';
import { storeRows } from '../helpers/stored-events.ts';

const AS_OF = parseDay('2024-07-01');

function won(id: string, at: string, currency: string) {
  const of = { partner_id: 'p', event_id: id, kind: 'deal.won' };
  return { ...of, happened_at: at, known_at: at, value: 100, currency };
}

describe.each(drivers.map((driver) => [driver.name, driver] as const))('money without a rate, on %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
    const rates = ['2024-05-03', '2024-06-01'].map((day) => ({ currency: 'EUR', day, rate: 1.1, known_at: day }));
    await storeRows(database, 'fx_rates', rates);
    await storeRows(database, 'events', [won('u', '2024-06-01', 'USD'), won('e', '2024-05-03', 'EUR')]);
  });
  afterEach(() => database.close());

  it('is not told of when there is none', async () => {
    expect(await tellWithoutRate(contextOn(database, AS_OF), AS_OF)).toBeNull();
  });

  it('is told of by currency, each deal and event once: those of the year before, by the rates of their month', async () => {
    await storeRows(database, 'events', [
      won('g1', '2024-06-01', 'GBP'),
      { ...won('g1', '2024-06-01', 'GBP'), known_at: '2024-06-05', value: 120 },
      won('g2', '2024-06-30', 'GBP'),
      won('g3', '2023-06-30', 'GBP'),
      won('g4', '2024-07-01', 'GBP'),
      { ...won('g5', '2024-06-01', 'GBP'), value: '' },
      won('month', '2024-05-31', 'EUR'),
      won('gap', '2024-05-02', 'EUR'),
      won('before', '2024-04-20', 'EUR'),
    ]);
    const deal = { deal_id: 'd', submitted_at: '2024-02-01', amount: 100, currency: 'GBP', known_at: '2024-02-02' };
    await storeRows(database, 'deals', [
      deal,
      { ...deal, closed_at: '2024-03-01', outcome: 'won', known_at: '2024-03-01' },
    ]);
    expect(await tellWithoutRate(contextOn(database, AS_OF), AS_OF)).toMatch(/: 3 in GBP, 2 in EUR\.$/);
    const inPounds = contextOn(database, AS_OF, { reporting_currency: 'GBP' });
    expect(await tellWithoutRate(inPounds, AS_OF)).toMatch(/: 2 in EUR, 1 in USD\.$/);
  });

  it('is told of by a run', async () => {
    await storeRows(database, 'events', [won('g', '2024-06-01', 'GBP')]);
    const context = contextOn(database, AS_OF);
    await runDaily(context, AS_OF, AS_OF, { send: false, again: false });
    expect(context.said.join('\n')).toMatch(/money.*unknown.*fx_rates.*: 1 in GBP\.$/m);
  });
});
