import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import {
  type Audit,
  auditLeakage,
  buildFeatures,
  canonicalMapping,
  ingest,
  programFacts,
  scoreModel,
  simulate,
  trainModel,
} from '../../pipelines/index.ts';
import { type Database, lastLoad, type PublicationFilter } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { drivers } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const FIRST = END - 14 * DAY;
const SECOND = END - 7 * DAY;
const [model] = scoringModels;
const LOADING = { mapping: canonicalMapping(), maxBad: 0 };

describe.each(drivers.map((driver) => [driver.name, driver] as const))('lists derived again, on %s', (_, driver) => {
  let directory: string;
  let database: Database;
  let context: TestContext;
  let firstLoad: number;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-audit-'));
    const world = join(directory, 'world');
    await simulate({ partners: 60, months: 20, seed: 5, end: END }, world);
    database = await driver.open();
    context = contextOn(database, END);
    await ingest(database, [world], { ...LOADING, backfill: false, now: context.now });
    await trainModel(context, model, FIRST);
    await scoreModel(context, model, FIRST);
    firstLoad = await lastLoad(database);
    context.now += 3_600_000;
    await loadMore();
    context.settings = { ...context.settings, team_capacity: 3 };
    await scoreModel(context, model, SECOND);
    // What is declared today is not what was declared then.
    context.settings = { ...context.settings, team_capacity: 40, qualifying_kinds: ['portal.login'] };
  }, 120_000);
  afterAll(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Facts that say they were known before the first list was made: late ones, a correction, and a backfill. */
  async function loadMore(): Promise<void> {
    const partners = await database.query<{ partner_id: string }>('select partner_id from partner_key order by 1');
    const event = { happened: formatDay(FIRST - 20 * DAY), known: formatDay(FIRST - 10 * DAY) };
    const late = partners.map(
      ({ partner_id }, i) => `late-${i},${partner_id},deal.won,${event.happened},${event.known},900,EUR`,
    );
    await load('events-late.csv', 'event_id,partner_id,kind,happened_at,known_at,value,currency', late, false);
    const [first] = await database.query<{ event_id: string; partner_id: string }>(
      "select event_id, partner_id from event where kind = 'portal.login' order by happened_at limit 1",
    );
    const corrected = `${first.event_id},${first.partner_id},lead.accepted,${event.happened},${event.known}`;
    await load('events-corrected.csv', 'event_id,partner_id,kind,happened_at,known_at', [corrected], false);
    const history = partners.map(({ partner_id }) => `${partner_id},contribution.made,${formatDay(FIRST - 300 * DAY)}`);
    await load('events-backfilled.csv', 'partner_id,kind,happened_at', history, true);
    await load('fx_rates-late.csv', 'currency,day,rate,known_at', [`EUR,${event.happened},9,${event.known}`], false);
  }

  async function load(name: string, header: string, lines: readonly string[], backfill: boolean): Promise<void> {
    const path = join(directory, name);
    writeFileSync(path, [header, ...lines, ''].join('\n'));
    const mapping = { ...canonicalMapping(), source: name };
    const { total } = await ingest(database, [path], { ...LOADING, mapping, backfill, now: context.now });
    expect(total.stored, name).toBe(lines.length);
  }

  async function audited(filter: PublicationFilter = {}): Promise<Audit[]> {
    const told: Audit[] = [];
    expect(await auditLeakage(context, filter, (audit) => told.push(audit))).toEqual(told);
    return told;
  }

  /** What an audit says while the store is not as it was. */
  async function auditedAfter(change: string, back: string): Promise<Audit[]> {
    await database.query(change);
    try {
      return await audited();
    } finally {
      await database.query(back);
    }
  }

  it('are the same, whatever came in later and whatever is declared now', async () => {
    const table = (load?: number) =>
      programFacts(context, load).then((facts) => buildFeatures(model.view, facts, [FIRST]));
    expect(await table(firstLoad)).not.toEqual(await table());
    const audits = await audited();
    expect(audits.map(({ asOf, verdict }) => [asOf, verdict])).toEqual([
      [FIRST, 'ok'],
      [SECOND, 'ok'],
    ]);
    const [{ scores }] = await database.query<{ scores: number }>('select count(*) as scores from score');
    expect(audits.reduce((sum, { rows }) => sum + rows, 0)).toBe(scores);
    expect(scores).toBeGreaterThan(50);
  });

  it('are those asked for', async () => {
    expect((await audited({ asOf: SECOND })).map(({ asOf }) => asOf)).toEqual([SECOND]);
    expect(await audited({ model: 'another' })).toEqual([]);
    expect(await audited({ run: 'daily/2024-12-31' })).toEqual([]);
  });

  it.each([
    ['probability', 'probability / 2', /^probability of \S+ is stored as 0\.\d+, and is 0\.\d+ when derived again\.$/],
    ['low', '0', /^low of \S+ is stored as 0, and is/],
    ['reasons', "reasons || '[1]'::jsonb", /^reasons of \S+ is stored as \[/],
    ['inputs_digest', "repeat('0', 64)", /^inputs_digest of \S+ is stored as "0{64}", and is "[0-9a-f]{64}"/],
  ])('differ where a %s was tampered with, and the audit ends there', async (column, value, sentence) => {
    const one = `as_of = '${formatDay(FIRST)}' and entity_id = (select max(entity_id) from score where as_of = '${formatDay(FIRST)}')`;
    await database.query('create table kept as select * from score');
    const restored = `update score set ${column} = kept.${column} from kept
      where kept.entity_id = score.entity_id and kept.as_of = score.as_of`;
    const audits = await auditedAfter(`update score set ${column} = ${value} where ${one}`, restored);
    await database.query('drop table kept');
    expect(audits.map(({ verdict }) => verdict)).toEqual(['differs']);
    expect(audits[0].because).toMatch(/^churn-risk as of 2024-12-18: /);
    expect(audits[0].because?.slice('churn-risk as of 2024-12-18: '.length)).toMatch(sentence);
  });

  it('differ where a score is gone or was never given', async () => {
    const of = "entity_id = (select min(entity_id) from score) and as_of = '2024-12-18'";
    await database.query(`create table kept as select * from score where ${of}`);
    const gone = await auditedAfter(`delete from score where ${of}`, 'insert into score select * from kept');
    const renamed = await auditedAfter(
      `update score set entity_id = '!' where ${of}`,
      "update score set entity_id = (select entity_id from kept) where entity_id = '!'",
    );
    await database.query('drop table kept');
    expect(gone[0].because).toMatch(/has no stored score, and one when derived again\.$/);
    expect(renamed[0].because).toMatch(/: ! has a stored score, and none when derived again\.$/);
  });

  it('cannot be where the version is damaged, and the next list is looked at all the same', async () => {
    await database.query('create table kept as select * from model_version');
    const audits = await auditedAfter(
      "update model_version set checksum = repeat('0', 64) where version = (select version from publication where as_of = '2024-12-18')",
      'update model_version set checksum = kept.checksum from kept where kept.version = model_version.version',
    );
    await database.query('drop table kept');
    expect(audits[0]).toMatchObject({ verdict: 'not re-derivable', because: expect.stringMatching(/^version .*\.$/) });
    expect(audits).toHaveLength(2);
  });

  it('cannot be where they were published before the store kept what they are made from', async () => {
    await database.query('create table kept as select * from publication');
    const audits = await auditedAfter(
      "update publication set load_id = null, settings = null where as_of = '2024-12-18'",
      'update publication set load_id = kept.load_id, settings = kept.settings from kept where kept.as_of = publication.as_of',
    );
    await database.query('drop table kept');
    expect(audits.map(({ verdict }) => verdict)).toEqual(['not re-derivable', 'ok']);
    expect(audits[0].because).toMatch(/published before the store kept/);
  });
});
