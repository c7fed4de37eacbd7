import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { runDue } from '../../pipelines/schedule.ts';
import { type Claim, claimRun, type Database, finishRun, runs } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { deals, storeRows } from '../helpers/stored-events.ts';

const MINUTE = 60_000;
const FIRST = parseDay('2024-07-01');
const FIVE = 5 * 60 * MINUTE;
const interval = (day: number) => ({ pipeline: 'daily', start: new Date(day - DAY), end: new Date(day) });

/** The days up to the first of July are done, the second and the third are due. */
describe('a day that failed', () => {
  let database: Database;
  let context: TestContext;

  beforeEach(async () => {
    database = await openDatabase();
    await storeRows(database, 'events', deals('p', '2024-06-30'));
    const claim = await claimRun(database, interval(FIRST), 'test', new Date(FIRST + FIVE));
    await end(claim, 'done');
    context = contextOn(database, FIRST + 2 * DAY + FIVE);
  });
  afterEach(() => database.close());

  const end = (claim: Claim | null, status: 'done' | 'failed') =>
    finishRun(database, claim as Claim, { status, rows: null, error: null }, (claim as Claim).end);
  const ledger = async () =>
    (await runs(database))
      .filter(({ pipeline, interval_end }) => pipeline === 'daily' && interval_end.getTime() > FIRST)
      .map(({ interval_end, status, attempt }) => [formatDay(interval_end.getTime()), status, attempt])
      .reverse();

  /** The second of July has been tried so many times, just now the last time. */
  async function failed(attempts: number): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const claim = (await claimRun(database, interval(FIRST + DAY), 'test', new Date(context.now), true)) as Claim;
      await finishRun(database, claim, { status: 'failed', rows: null, error: 'no luck' }, new Date(context.now));
    }
  }

  it('without a failure, both days are done', async () => {
    await runDue(context);
    expect(await ledger()).toEqual([
      ['2024-07-02', 'done', 1],
      ['2024-07-03', 'done', 1],
    ]);
  });

  it('holds up the day after it while it waits, and both are done once it can be', async () => {
    await database.query('alter table model_version rename to lost');
    await expect(runDue(context)).rejects.toThrow(/model_version/);
    expect(await ledger()).toEqual([['2024-07-02', 'failed', 1]]);
    await database.query('alter table lost rename to model_version');
    context.now += 2 * MINUTE - 1;
    await runDue(context);
    expect(await ledger()).toEqual([['2024-07-02', 'failed', 1]]);
    context.now += 1;
    await runDue(context);
    expect(await ledger()).toEqual([
      ['2024-07-02', 'done', 2],
      ['2024-07-03', 'done', 1],
    ]);
  });

  it.each([1, 4])('after %d attempts still holds up the day after it', async (attempts) => {
    await failed(attempts);
    await runDue(context);
    expect(await ledger()).toEqual([['2024-07-02', 'failed', attempts]]);
  });

  it.each([5, 6])('after %d attempts is given up, and the day after it is done', async (attempts) => {
    await failed(attempts);
    await runDue(context);
    expect(await ledger()).toEqual([
      ['2024-07-02', 'failed', attempts],
      ['2024-07-03', 'done', 1],
    ]);
  });

  it('and a day that another is at holds up the day after it', async () => {
    await claimRun(database, interval(FIRST + DAY), 'another', new Date(context.now));
    await runDue(context);
    expect(await ledger()).toEqual([['2024-07-02', 'running', 1]]);
  });

  it('a day that another has done meanwhile holds up nothing', async () => {
    context.now += DAY;
    context.step = async (_name, work) => {
      const claim = await claimRun(database, interval(FIRST + 2 * DAY), 'another', new Date(context.now));
      if (claim) await end(claim, 'done');
      return work();
    };
    await runDue(context);
    expect(await ledger()).toEqual([
      ['2024-07-02', 'done', 1],
      ['2024-07-03', 'done', 1],
      ['2024-07-04', 'done', 1],
    ]);
  });
});
