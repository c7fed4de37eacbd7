import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { classScoringModels, scoringModels } from '../../models/index.ts';
import { auditLeakage, canonicalMapping, ingest, runDaily, scoreModel, simulate } from '../../pipelines/index.ts';
import { type Database, publications, scoreboardOf, versionsOf, watchesOf } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
const MODELS = [...scoringModels, ...classScoringModels];
const [churnRisk] = scoringModels;
const END = parseDay('2026-01-01');
const WEEK = 7 * DAY;
/** Days between runs: a week, which takes five minutes in all, or with DAILY=1 a day. */
const STEP = process.env['DAILY'] === '1' ? DAY : WEEK;
/** Partners and weeks; fewer of either for a quick look. */
const PARTNERS = Number(process.env['PARTNERS'] ?? 100);
const WEEKS = Number(process.env['WEEKS'] ?? 52);
const FIRST = END - (WEEKS + 1) * WEEK;
const DAYS = Array.from({ length: (WEEKS * WEEK) / STEP + 1 }, (_, i) => FIRST + i * STEP);
const HOUR = 3_600_000;

describe('a year of runs on a made-up program in which nothing shifts', () => {
  let directory: string;
  let database: Database;
  let context: TestContext;
  let late = 0;
  /** CPU-seconds of each run that trained nothing. */
  const seconds: number[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-watch-'));
    for (const name of ['world', 'late']) mkdirSync(join(directory, name));
    await simulate({ partners: PARTNERS, months: 36, seed: 11, end: END }, join(directory, 'world'));
    database = await openDatabase();
    context = contextOn(database, END, { retrain_days: 120, threads: 1 });
    context.cacheDirectory = join(directory, 'columns');
    await load('world', 'simulated');
    for (const day of DAYS) {
      const before = process.cpuUsage();
      const outcome = await runDaily(context, day, day, { send: false, again: false });
      const { user, system } = process.cpuUsage(before);
      const { trained, classes } = outcome.status === 'done' ? outcome.result : { trained: [], classes: [] };
      if (trained.length + classes.filter((each) => each.trained).length === 0) seconds.push((user + system) / 1e6);
      await loadLate(day);
    }
  }, HOUR);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function load(name: string, source: string): Promise<number> {
    const mapping = { ...canonicalMapping(), source };
    const loading = { mapping, backfill: false, maxBad: 0, now: context.now };
    return (await ingest(database, [join(directory, name)], loading)).total.stored;
  }

  /**
   * After each list facts come that say they were known before it: business that had been left out, a login that was
   * on another day, an agreement with another renewal.
   */
  async function loadLate(day: number): Promise<void> {
    const [happened, moved, known] = [day - 20 * DAY, day - 40 * DAY, day - DAY].map(formatDay);
    const partners = [5, 20, 50].map((p) => `P${String(p).padStart(5, '0')}`);
    write('events', 'event_id,partner_id,kind,happened_at,known_at', [
      ...partners.map((partner) => `late-${day}-${partner},${partner},deal.registered,${happened},${known}`),
      ...partners.map((partner) => `moved-${partner},${partner},portal.login,${moved},${formatDay(day)}`),
    ]);
    write('agreements', 'agreement_id,partner_id,starts_on,renews_on,known_at', [
      ...partners.map((partner) => `late-${partner},${partner},2024-01-01,${formatDay(day + 90 * DAY)},${known}`),
    ]);
    late += await load('late', 'late');
    context.now += 1000;
  }

  function write(table: string, header: string, rows: readonly string[]): void {
    writeFileSync(join(directory, 'late', `${table}.csv`), [header, ...rows, ''].join('\n'));
  }

  it.each(MODELS)('$name raises no alarm, and lists do as they say', async ({ name }) => {
    const watches = await watchesOf(database, name, 1000);
    const alarms = watches.filter(({ drift }) => drift.drifted.length > 0);
    const lists = await scoreboardOf<{ verdict: string }>(database, name, 1000);
    const off = lists.filter(({ result }) => result.verdict !== 'as expected');
    recordRun(RUNS, 'A year without a shift', [
      name,
      PARTNERS,
      STEP === DAY ? 'daily' : 'weekly',
      watches.length,
      alarms.length,
      [...new Set(alarms.flatMap(({ drift }) => drift.drifted.map(({ feature }) => feature)))].join(' ') || '–',
      lists.length,
      off.length,
      (await versionsOf(database, name)).length,
    ]);
    expect(alarms.length).toBe(0);
    expect(off.length).toBeLessThanOrEqual(Math.ceil(0.05 * lists.length));
    if (name !== churnRisk.name) return;
    expect(watches.length).toBe(DAYS.length);
    expect(lists.length).toBeGreaterThan(DAYS.length - (16 * WEEK) / STEP);
  });

  it(
    'every score of every model comes out the same again, whatever came late',
    async () => {
      const audits = await auditLeakage(context, {}, () => {});
      const published = await publications(database);
      const models = [...new Set(published.map(({ model }) => model))];
      recordRun(RUNS, 'Every score of a year derived again', [
        PARTNERS,
        STEP === DAY ? 'daily' : 'weekly',
        late,
        models.join(' '),
        published.length,
        audits.reduce((sum, { rows }) => sum + rows, 0),
        audits.find(({ verdict }) => verdict !== 'ok')?.because ?? 'every bit the same',
        median(seconds).toFixed(2),
      ]);
      expect(late).toBeGreaterThan(3 * DAYS.length);
      expect(models.length).toBeGreaterThanOrEqual(WEEKS < 52 ? 2 : 3);
      expect(audits.map(({ verdict, because }) => because ?? verdict)).toEqual(published.map(() => 'ok'));
    },
    HOUR,
  );

  it('a shift is flagged within two runs: amounts exported in another unit', async () => {
    const flagged: string[][] = [];
    await database.query('update deal set amount = amount * 100');
    // What is kept as columns knows nothing of it: no load brought it.
    context.cacheDirectory = null;
    for (const day of [END - DAY, END]) {
      const { drift } = await scoreModel(context, churnRisk, day);
      flagged.push(drift?.drifted.map(({ feature }) => feature) ?? []);
    }
    recordRun(RUNS, 'Amounts in another unit', [PARTNERS, ...flagged.map((features) => features.join(' ') || '–')]);
    expect(flagged.flat()).toContain('won_amount_90d');
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
