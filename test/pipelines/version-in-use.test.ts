import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { saveVersion, scoringModels } from '../../models/index.ts';
import {
  auditLeakage,
  canonicalMapping,
  ingest,
  promote,
  rollBack,
  scoreModel,
  simulate,
  trainModel,
  versionInUse,
} from '../../pipelines/index.ts';
import { promoteTrained, versionToBeat } from '../../pipelines/version-in-use.ts';
import { type Database, promotionsOf, registerVersion, versionNamed } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const [MARCH, JUNE] = ['2024-03-04', '2024-06-03'].map(parseDay);
const [model] = scoringModels;
const SAID = { by: 'Ada', why: 'looked at it' };

describe('the version in use', () => {
  let database: Database;
  let context: TestContext;
  let first: string;
  /** Another that is as good, registered by hand. */
  const second = 'second';

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-registry-'));
    await simulate({ partners: 60, months: 22, seed: 5, end: END }, directory);
    database = await openDatabase();
    context = contextOn(database, END);
    const loading = { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now };
    await ingest(database, [directory], loading);
    rmSync(directory, { recursive: true, force: true });
    const trained = await trainModel(context, model, MARCH);
    first = trained.version;
    expect(trained).toMatchObject({ isInUse: true, card: { contest: { against: null, isPromoted: true } } });
    const { usable } = await versionInUse(database, model, MARCH);
    if (!usable) throw new Error('nothing is in use');
    const other = saveVersion({ ...usable.fitted, seed: 99 });
    await registerVersion(database, { ...other, version: second }, usable.registered.card, new Date(MARCH));
    await database.query('create table kept_versions as select * from model_version');
  }, 120_000);
  beforeEach(async () => {
    await database.query('truncate model_version');
    await database.query('insert into model_version select * from kept_versions');
    await database.query("delete from promotion where decided_by <> 'training'");
    context.said.length = 0;
  });
  afterAll(() => database.close());

  const inUse = async (asOf = END) => (await versionInUse(database, model, asOf)).usable?.registered.version;

  it('is the one people promote, from a day on, and the one before it again after a rollback', async () => {
    await promote(context, model, second, { ...SAID, from: JUNE });
    expect([await inUse(JUNE - DAY), await inUse(JUNE)]).toEqual([first, second]);
    await rollBack(context, model, { ...SAID, from: JUNE + 7 * DAY });
    expect([await inUse(JUNE), await inUse(JUNE + 7 * DAY)]).toEqual([second, first]);
    const history = await promotionsOf(database, model.name);
    expect(history.map(({ version, kind, decidedBy, why }) => [version, kind, decidedBy, why])).toEqual([
      [first, 'promoted', 'training', 'No other version was in use.'],
      [second, 'promoted', 'Ada', 'looked at it'],
      [first, 'rolled back', 'Ada', 'looked at it'],
    ]);
    await expect(rollBack(context, model, SAID)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/is in use for churn-risk, and none was before it\.$/),
    });
  });

  it('is what a new one has to beat, and nobody has to beat itself', async () => {
    const toBeat = async (version: string) =>
      (await versionToBeat(database, model, version, END))?.registered.version ?? null;
    expect([await toBeat('another'), await toBeat(first)]).toEqual([first, null]);
    await promote(context, model, second, { ...SAID, from: JUNE });
    expect([await toBeat(first), await toBeat(second)]).toEqual([second, first]);
  });

  it('is brought back by no training once people went back from it, and they go back no earlier than it began', async () => {
    await promote(context, model, second, { ...SAID, from: JUNE });
    await expect(rollBack(context, model, { ...SAID, from: JUNE - DAY })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/second is in use from 2024-06-03 on; roll back from that day or a later one/),
    });
    await rollBack(context, model, { ...SAID, from: JUNE });
    expect(await promoteTrained(context, model, second, { inUseFrom: END, why: 'better' })).toBe(false);
    expect(await inUse()).toBe(first);
  });

  it('by default counts from the day that would be scored', async () => {
    expect((await promote(context, model, second, SAID)).inUseFrom).toBe(END);
    expect(await inUse(END - DAY)).toBe(first);
  });

  it('a past day is scored, and derived again, with what was in use on it', async () => {
    await promote(context, model, second, { ...SAID, from: JUNE });
    const days = [JUNE - 7 * DAY, JUNE];
    const scored: string[] = [];
    for (const asOf of days) scored.push((await scoreModel(context, model, asOf)).version);
    expect(scored).toEqual([first, second]);
    context.now += 1000;
    await rollBack(context, model, SAID);
    await promote(context, model, first, { ...SAID, from: JUNE - 14 * DAY });
    const audits = await auditLeakage(context, {}, () => {});
    expect(audits.map(({ asOf, version, verdict }) => [asOf, version, verdict])).toEqual([
      [days[0], first, 'ok'],
      [days[1], second, 'ok'],
    ]);
    await database.query('update promotion set decided_at = now() where version = $1', [second]);
    const [, changed] = await auditLeakage(context, {}, () => {});
    expect(changed).toMatchObject({
      verdict: 'differs',
      because: expect.stringMatching(/second, which was not in use/),
    });
    context.now -= 1000;
  });

  it.each([
    ['deleted', 'delete from model_version where version = $1', /is not registered, or was deleted/],
    ['truncated', 'update model_version set parameters = left(parameters, 100) where version = $1', /is damaged/],
    ['without its numbers', 'update model_version set numbers = null where version = $1', /is damaged: its numbers/],
  ])('is the last good one when the promoted one is %s', async (_, damage, because) => {
    await promote(context, model, second, { ...SAID, from: JUNE });
    await database.query(damage, [second]);
    expect(await inUse()).toBe(first);
    expect((await scoreModel(context, model, JUNE)).version).toBe(first);
    expect(context.said.join()).toMatch(because);
    expect(context.said.join()).toContain(`The last good one, ${first}, is used instead.`);
    await database.query(damage, [first]);
    await expect(scoreModel(context, model, JUNE)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(because),
    });
  });

  it('stays when what is to be promoted cannot be used, and the error says why', async () => {
    const before = await promotionsOf(database, model.name);
    const fails = (version: string, because: RegExp, from?: number) =>
      expect(promote(context, model, version, { ...SAID, from })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(because),
      });
    await fails('nothing', /^Not promoted: version nothing of churn-risk is not registered/);
    await fails(second, /learnt from facts until 2024-03-04, so it cannot score 2024-03-03/, MARCH - DAY);
    const foreign = await versionNamed(database, model.name, first);
    if (!foreign) throw new Error('the first version is gone');
    const { usable } = await versionInUse(database, model, END);
    const other = saveVersion({ ...(usable as NonNullable<typeof usable>).fitted, features: ['a_dream'] });
    await registerVersion(database, other, foreign.card, new Date(MARCH));
    await fails(other.version, /another set of features: \S+ has no a_dream/);
    await database.query("update model_version set checksum = '' where version = $1", [second]);
    await fails(second, /is damaged/);
    expect(await promotionsOf(database, model.name)).toEqual(before);
    expect(await inUse()).toBe(first);
  });

  it('stays when a new one does not beat it, and the card of that one says so', async () => {
    const trained = await trainModel(context, model, MARCH + 30 * DAY);
    expect(trained.isInUse).toBe(false);
    expect(trained.card.contest).toMatchObject({ against: first, isPromoted: false });
    const registered = await versionNamed(database, model.name, trained.version);
    expect(registered?.card.contest?.because).toMatch(new RegExp(`does not clearly beat ${first}, which stays in use`));
    expect(await inUse()).toBe(first);
    expect(formatDay(trained.card.contest?.window?.from ?? 0)).toBe('2024-01-01');
  });
});
