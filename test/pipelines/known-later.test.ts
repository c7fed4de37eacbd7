import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutoffsBetween, formatDay, parseDay } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import { runBacktest } from '../../pipelines/backtest.ts';
import { programFacts } from '../../pipelines/index.ts';
import { trainModel } from '../../pipelines/train.ts';
import type { Database } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { deal, deals, storeRows } from '../helpers/stored-events.ts';

const [model] = scoringModels;
let database: Database;
let context: TestContext;

beforeEach(async () => {
  database = await openDatabase();
  context = contextOn(database, parseDay('2024-08-15'));
});
afterEach(() => database.close());

/** The fifteenth of each month from one to another. */
function fifteenths(from: string, to: string): string[] {
  return cutoffsBetween(parseDay(`${from}-15`), parseDay(`${to}-15`), 'month').map(formatDay);
}

const twelve = (name: string) => Array.from({ length: 12 }, (_, i) => `${name}${i}`);

it('a backtest learns from what was on record at the first test cutoff, and is judged by what is known today', async () => {
  const [train, test] = ['2024-01-01', '2024-04-01'].map(parseDay);
  const begun = fifteenths('2023-09', '2023-12');
  await storeRows(database, 'events', [
    // At risk at both cutoffs; in business to this day.
    ...['steady', 'busy'].flatMap((name) => deals(name, ...fifteenths('2023-09', '2024-07'))),
    // At risk at the first cutoff only.
    ...['quiet', 'late'].flatMap((name) => deals(name, ...begun)),
    // At risk at both, quiet after the second, or so it seemed.
    ...['leaving', 'slow'].flatMap((name) => deals(name, ...begun, '2024-02-15')),
    // Happened in the training's window, and was known a month after the first test cutoff.
    deal('late', '2024-02-15', '2024-05-01'),
    // Happened in the test's window, known after it.
    deal('slow', '2024-05-15', '2024-07-10'),
  ]);
  expect((await programFacts(context)).latestAsOf).toBe(parseDay('2024-07-16'));
  const {
    result,
    test: judged,
    purged,
  } = await runBacktest(context, model, { train: [train], test: [test], embargoDays: 0 });
  // Known by April: quiet and late had been quiet; steady, busy, leaving and slow not.
  expect(result.train).toEqual({ rows: 6, baseRate: 2 / 6 });
  // Known today: only leaving went quiet.
  expect(judged.table.entities.map((name, row) => [name, judged.outcomes[row]])).toEqual([
    ['busy', 0],
    ['leaving', 1],
    ['slow', 0],
    ['steady', 0],
  ]);
  expect(purged).toBe(0);
});

it('a backtest leaves out the cutoffs whose outcomes had not matured at the first test cutoff', async () => {
  const begun = fifteenths('2023-09', '2023-12');
  await storeRows(database, 'events', [
    ...deals('steady', ...fifteenths('2023-09', '2024-07')),
    ...deals('quiet', ...begun),
    ...deals('leaving', ...begun, '2024-02-15'),
  ]);
  const days = ['2024-01-01', '2024-01-02', '2024-01-03'].map(parseDay);
  const plan = { test: [parseDay('2024-04-01')], embargoDays: 0 };
  // 2024-01-02 and 90 days are 2024-04-01.
  const { result, purged } = await runBacktest(context, model, { ...plan, train: days });
  expect([result.train.rows, purged]).toEqual([6, 1]);
  await expect(runBacktest(context, model, { ...plan, train: days.slice(2) })).rejects.toMatchObject({
    code: 'USAGE',
  });
});

it('an embargo leaves so many more days before the first test cutoff, and reads the records at its beginning', async () => {
  const begun = fifteenths('2023-09', '2023-12');
  await storeRows(database, 'events', [
    ...deals('steady', ...fifteenths('2023-09', '2024-07')),
    ...deals('quiet', ...begun),
    ...deals('leaving', ...begun, '2024-02-15'),
    // Breaks a silence of the training, and was known three days before the first test cutoff.
    ...deals('late', ...begun),
    deal('late', '2024-02-10', '2024-04-12'),
  ]);
  // 2024-01-06 and 90 days are 2024-04-05; 2024-01-15 and 90 days are 2024-04-14.
  const train = ['2024-01-06', '2024-01-15'].map(parseDay);
  const test = [parseDay('2024-04-15')];
  const apart = await runBacktest(context, model, { train, test, embargoDays: 10 });
  expect(apart).toMatchObject({ purged: 1, learntUntil: parseDay('2024-04-05') });
  // steady and leaving went on, quiet did not, nor did late as far as was known.
  expect(apart.result.train).toEqual({ rows: 4, baseRate: 2 / 4 });
  const close = await runBacktest(context, model, { train, test, embargoDays: 0 });
  expect(close).toMatchObject({ purged: 0, learntUntil: test[0] });
  expect(close.result.train).toEqual({ rows: 8, baseRate: 2 / 8 });
  const tooFar = runBacktest(context, model, { train, test, embargoDays: 30 });
  await expect(tooFar).rejects.toThrow(/90 days to be known and the embargo 30 more, .* begin by 2023-12-17/);
});

it('a version learns outcomes as they were on record at the day it learns until', async () => {
  // At risk from May to October 2023; business in July ends the silence of May, June and July.
  await storeRows(database, 'events', [
    ...twelve('steady').flatMap((name) => deals(name, ...fifteenths('2023-01', '2024-07'))),
    ...twelve('quiet').flatMap((name) => deals(name, ...fifteenths('2023-01', '2023-07'))),
    // Business of October, which ends the silence of August, September and October, known on the day or later.
    deal('quiet0', '2023-10-20', '2024-01-01'),
    deal('quiet1', '2023-10-20', '2024-05-01'),
  ]);
  const { card } = await trainModel(context, model, parseDay('2024-01-01'));
  expect(card.training).toMatchObject({
    rows: 24 * 6,
    partners: 24,
    happened: 12 * 3,
    firstCutoff: parseDay('2023-05-01'),
    lastCutoff: parseDay('2023-10-01'),
  });
  const today = await trainModel(context, model, parseDay('2024-07-01'));
  expect(today.card.training.happened).toBe(10 * 3);
});
