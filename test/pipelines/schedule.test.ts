import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import { canonicalMapping, ingest, simulate } from '../../pipelines/index.ts';
import { runDue } from '../../pipelines/schedule.ts';
import { trainModel } from '../../pipelines/train.ts';
import {
  type Claim,
  claimRun,
  type Database,
  finishRun,
  loads,
  nudges,
  publicationOf,
  runs,
} from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const FIVE = 5 * 3_600_000;

describe('the daily schedule', () => {
  let database: Database;
  let directory: string;
  let context: TestContext;

  beforeEach(async () => {
    database = await openDatabase();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-schedule-'));
    await simulate({ partners: 40, months: 20, seed: 2, end: END }, directory);
    context = contextOn(database, END + FIVE, { nudge_hold_out: 0, retrain_days: 400 });
    await ingest(database, [directory], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const daily = async () => (await runs(database)).filter(({ pipeline }) => pipeline === 'daily').reverse();

  it('runs a day once, from its hour on, however often it looks', async () => {
    context.now = END + FIVE - 1;
    await runDue(context);
    expect((await daily()).map(({ interval_end }) => formatDay(interval_end.getTime()))).toEqual(['2024-12-31']);
    context.now = END + FIVE;
    for (let look = 0; look < 3; look++) await runDue(context);
    const ledger = await daily();
    expect(
      ledger.map(({ interval_end, status, attempt }) => [formatDay(interval_end.getTime()), status, attempt]),
    ).toEqual([
      ['2024-12-31', 'done', 1],
      ['2025-01-01', 'done', 1],
    ]);
    // Too small for trajectory: told once on each day, which is done all the same.
    expect(context.said.filter((said) => /Not enough data for trajectory/.test(said))).toHaveLength(2);
    expect((await publicationOf(database, 'churn-risk'))?.asOf).toBe(END);
  });

  it('goes on when a later day is in the ledger already', async () => {
    const start = new Date(END + 200 * DAY);
    const claim = await claimRun(database, { pipeline: 'daily', start, end: new Date(+start + DAY) }, 'x', start);
    await finishRun(database, claim as Claim, { status: 'done', rows: 0, error: null }, start);
    await runDue(context);
    expect((await publicationOf(database, 'churn-risk'))?.asOf).toBe(END);
  });

  it('learns nothing from days that the facts do not reach', async () => {
    const { card } = await trainModel(context, scoringModels[0], END);
    const later = contextOn(database, END + 400 * DAY);
    const again = await trainModel(later, scoringModels[0], END + 400 * DAY);
    expect(later.said[0]).toMatch(/Learning until 2025-01-01: the facts reach no further/);
    expect(again.card.training).toEqual(card.training);
  });

  it('trains a damaged version again', async () => {
    await runDue(context);
    await database.query('update model_version set parameters = left(parameters, 100)');
    context.now += DAY;
    await runDue(context);
    expect(context.said.join()).toMatch(/is damaged.*It is trained again now/);
    expect((await publicationOf(database, 'churn-risk'))?.asOf).toBe(END + DAY);
  });

  it('catches up after downtime, oldest day first, and reads no day later than its facts reach', async () => {
    await runDue(context);
    context.now = END + 3 * DAY + FIVE;
    await runDue(context);
    const ledger = await daily();
    expect(ledger.map(({ interval_end }) => formatDay(interval_end.getTime()))).toEqual([
      '2025-01-01',
      '2025-01-02',
      '2025-01-03',
      '2025-01-04',
    ]);
    // So small a program may well be silent for a day, not for three: then it is the feed that lags.
    expect((await publicationOf(database, 'churn-risk'))?.asOf).toBe(END + DAY);
    expect(context.said.at(-1)).toMatch(/2025-01-04: nothing new, the facts reach to 2025-01-01/);

    const one = 'event_id,partner_id,kind,happened_at\nnew,P00001,deal.registered,2025-01-04T10:00:00Z\n';
    writeFileSync(join(directory, 'events-new.csv'), one);
    context.now = END + 4 * DAY + FIVE;
    await ingest(database, [join(directory, 'events-new.csv')], {
      mapping: canonicalMapping(),
      backfill: false,
      maxBad: 0,
      now: context.now - FIVE,
    });
    await runDue(context);
    expect(formatDay((await publicationOf(database, 'churn-risk'))?.asOf ?? 0)).toBe('2025-01-05');
  });

  it('leaves alone a day that another process is at', async () => {
    const interval = { pipeline: 'daily', start: new Date(END - DAY), end: new Date(END) };
    await claimRun(database, interval, 'other', new Date(context.now));
    await runDue(context);
    expect(await publicationOf(database, 'churn-risk')).toBeNull();
    context.now += 31_000;
    await runDue(context);
    expect((await daily())[0]).toMatchObject({ status: 'done', fence: 2 });
  });

  it('records a failure, and does not hide it', async () => {
    await database.query('drop table publication');
    await expect(runDue(context)).rejects.toThrow();
    expect((await daily())[0]).toMatchObject({ status: 'failed', attempt: 1 });
    expect((await daily())[0].error).toMatch(/publication/);
    expect(await loads(database)).not.toEqual([]);
  });
});

describe('re-engagement by a fake clock', () => {
  it('nudges exactly once, on day 30, not on 29 or 31, and not again until it is re-armed', async () => {
    const database = await openDatabase();
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-nudge-'));
    const first = parseDay('2024-09-02');
    const context = contextOn(database, first, { nudge_hold_out: 0 });
    const load = async (name: string, rows: string[]) => {
      const path = join(directory, name);
      writeFileSync(path, ['event_id,partner_id,kind,happened_at', ...rows].join('\n'));
      await ingest(database, [path], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now });
    };
    // A program that did business daily for months, so that there is something to learn from, and goes on doing so.
    const others = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, d) =>
        [1, 2, 3, 4, 5, 6, 7, 8]
          .filter((p) => (d + p) % 8 !== 0 && !(p > 3 && Math.floor((from + d + 40 * p) / 120) % 3 === 0))
          .map((p) => `o${p}-${from + d},other${p},deal.registered,${formatDay(first + (from + d) * DAY)}`),
      ).flat();
    await load('events.csv', [
      ...others(-700, 0),
      'q1,quiet,deal.registered,2024-09-01',
      'q0,quiet,deal.registered,2024-08-01',
    ]);

    const decided = async () =>
      (await nudges(database, { limit: 100, entityId: 'quiet' })).map(({ episodeStart }) => formatDay(episodeStart));
    const seen: string[] = [];
    for (let day = 1; day <= 75; day++) {
      context.now = first + day * DAY + FIVE;
      const rows = others(day - 1, day);
      if (day === 40) rows.push('q2,quiet,portal.login,2024-10-11');
      await load(`events-${day}.csv`, rows);
      await runDue(context);
      const count = (await decided()).length;
      if (count !== seen.length) seen.push(`day ${(first + day * DAY - parseDay('2024-09-01')) / DAY}`);
    }
    rmSync(directory, { recursive: true, force: true });
    expect(await decided()).toEqual(['2024-11-10', '2024-10-01']);
    expect(seen).toEqual(['day 30', 'day 70']);
  }, 240_000);
});
