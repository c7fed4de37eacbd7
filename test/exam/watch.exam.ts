import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import { auditLeakage, canonicalMapping, ingest, runDaily, scoreModel, simulate } from '../../pipelines/index.ts';
import { type Database, scoreboardOf, versionsOf, watchesOf } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
const [model] = scoringModels;
const END = parseDay('2026-01-01');
const WEEK = 7 * DAY;
/** Partners and weeks; fewer of either for a quick look. */
const PARTNERS = Number(process.env['PARTNERS'] ?? 300);
const WEEKS = Number(process.env['WEEKS'] ?? 52);
const FIRST = END - (WEEKS + 1) * WEEK;
/** Days between runs: a week, or with DAILY=1 a day, which takes seven times as long. */
const STEP = process.env['DAILY'] === '1' ? DAY : WEEK;
const DAYS = Array.from({ length: (WEEKS * WEEK) / STEP + 1 }, (_, i) => FIRST + i * STEP);

describe('a year of runs on a made-up program in which nothing shifts', () => {
  let directory: string;
  let database: Database;
  let context: TestContext;
  let late = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-watch-'));
    await simulate({ partners: PARTNERS, months: 36, seed: 11, end: END }, directory);
    database = await openDatabase();
    context = contextOn(database, END, { retrain_days: 120, threads: 1 });
    await load([directory]);
    for (const day of DAYS) {
      await runDaily(context, day, day, { send: false, again: false });
      await loadLate(day);
    }
  }, 3_600_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function load(paths: string[], source = 'simulated'): Promise<number> {
    const mapping = { ...canonicalMapping(), source };
    const loading = { mapping, backfill: false, maxBad: 0, now: context.now };
    return (await ingest(database, paths, loading)).total.stored;
  }

  /** A few facts come late, and a few are corrected, after each list: one that says it was known before it was made. */
  async function loadLate(day: number): Promise<void> {
    const path = join(directory, 'events-late.csv');
    const happened = formatDay(day - 20 * DAY);
    const rows = [5, 20, 50].map((p) => {
      const partner = `P${String(p).padStart(5, '0')}`;
      return [
        `late-${day}-${p},${partner},lead.accepted,${happened},${formatDay(day - DAY)}`,
        `moved-${p},${partner},portal.login,${formatDay(day - 40 * DAY)},${formatDay(day)}`,
      ];
    });
    writeFileSync(path, ['event_id,partner_id,kind,happened_at,known_at', ...rows.flat(), ''].join('\n'));
    late += await load([path], 'late');
    rmSync(path);
    context.now += 1000;
  }

  it('raises no alarm, and lists do as they say', async () => {
    const watches = await watchesOf(database, model.name, 1000);
    const alarms = watches.filter(({ drift }) => drift.drifted.length > 0);
    const lists = await scoreboardOf(database, model.name, 1000);
    const off = lists.filter(({ result }) => result.verdict !== 'as expected');
    const versions = await versionsOf(database, model.name);
    recordRun(RUNS, 'A year without a shift', [
      PARTNERS,
      STEP === DAY ? 'daily' : 'weekly',
      watches.length,
      alarms.length,
      [...new Set(alarms.flatMap(({ drift }) => drift.drifted.map(({ feature }) => feature)))].join(' ') || '–',
      lists.length,
      off.length,
      versions.length,
    ]);
    expect(watches.length).toBe(DAYS.length);
    expect(alarms.length).toBe(0);
    expect(lists.length).toBeGreaterThan(DAYS.length - (16 * WEEK) / STEP);
    expect(off.length).toBeLessThanOrEqual(Math.ceil(0.05 * lists.length));
  });

  it('every list comes out the same again, whatever came late', async () => {
    const audits = await auditLeakage(context, {}, () => {});
    expect(late).toBeGreaterThan(DAYS.length);
    expect(audits.map(({ verdict, because }) => because ?? verdict)).toEqual(DAYS.map(() => 'ok'));
  }, 3_600_000);

  it('a shift is flagged within two runs: amounts exported in another unit', async () => {
    const flagged: string[][] = [];
    await database.query('update deal set amount = amount * 100');
    for (const day of [END - WEEK, END]) {
      const { drift } = await scoreModel(context, model, day);
      flagged.push(drift?.drifted.map(({ feature }) => feature) ?? []);
    }
    recordRun(
      RUNS,
      'Amounts in another unit',
      flagged.map((features) => features.join(' ') || '–'),
    );
    expect(flagged.flat()).toContain('won_amount_90d');
  });
});
