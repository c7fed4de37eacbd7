import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import type { NudgeDecision, Score } from '../../models/index.ts';
import { visitCopyRows } from '../../store/copy-binary.ts';
import { copyLine } from '../../store/copy-text.ts';
import { copyRows, literal } from '../../store/database.ts';
import {
  claimRun,
  type Database,
  enqueue,
  finishRun,
  keepNudges,
  lastDone,
  nudges,
  partnerNames,
  publicationOf,
  publishScores,
  renewClaim,
  requireClaim,
  runs,
  scoreSeries,
  scoresOf,
  settleDelivery,
  summaryOf,
  takeDelivery,
} from '../../store/index.ts';
import { migrate } from '../../store/migrate.ts';
import { drivers } from '../helpers/databases.ts';
import { storeRows } from '../helpers/stored-events.ts';

const NOW = new Date('2024-07-01T05:00:00Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe.each(drivers.map((driver) => [driver.name, driver] as const))('store on %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  describe('the driver', () => {
    it('speaks UTC, and gives numbers for bigint and numeric, text for dates', async () => {
      const [row] = await database.query(
        "select 9007199254740991::bigint as big, 1.25::numeric as exact, date '2024-02-29' as day, timestamptz '2024-02-29 12:00' as noon, array['a'] as texts",
      );
      expect(row).toEqual({
        big: 9007199254740991,
        exact: 1.25,
        day: '2024-02-29',
        noon: new Date('2024-02-29T12:00:00Z'),
        texts: ['a'],
      });
    });

    it('brings any text through COPY in and out unchanged, in the order of code points', async () => {
      await database.query('create table texts (n int, t text collate "C")');
      const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((s) => !/[\0\p{Surrogate}]/u.test(s));
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
          await database.query('delete from texts');
          const special = [...texts, '\\N', '\\', 'tab\there', 'line\nfeed', "quote's", ''];
          const lines = special.map((t, n) => copyLine([n, t]));
          await database.transaction((transaction) => copyRows(transaction, 'texts', ['n', 't'], lines));
          const read: (string | null)[] = [];
          await visitCopyRows(database.copyOut('select t from texts order by n'), 1, (row) => read.push(row.text(0)));
          expect(read).toEqual(special);
        }),
        { numRuns: 25 },
      );
    });

    it('reads numbers, instants and null from COPY', async () => {
      const instant = Date.parse('1969-12-31T23:59:59.500Z');
      const select = `select 0.1::float8, ${literal(new Date(instant).toISOString())}::timestamptz, null::text, timestamptz '-infinity'`;
      const read: unknown[] = [];
      await visitCopyRows(database.copyOut(select), 4, (row) =>
        read.push(row.double(0), row.instant(1), row.text(2), row.instant(3)),
      );
      expect(read).toEqual([0.1, instant, null, Number.NEGATIVE_INFINITY]);
    });

    it('says why a COPY is refused, and goes on after it', async () => {
      const read = (within: Database) => visitCopyRows(within.copyOut('select n from nowhere'), 1, () => {});
      await expect(read(database)).rejects.toThrow(/"nowhere" does not exist/);
      await expect(database.transaction(read)).rejects.toThrow(/"nowhere" does not exist/);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('quotes literals so that nothing gets out of them', async () => {
      for (const text of ["it's", "\\'; drop table run; --", 'ü\\x', '']) {
        const [row] = await database.query<{ t: string }>(`select ${literal(text)} as t`);
        expect(row.t).toBe(text);
      }
      expect(() => literal('a\0b')).toThrow(/NUL/);
    });

    it('undoes a transaction that fails, and keeps one that does not', async () => {
      await database.query('create table kept (n int)');
      const fails = database.transaction(async (transaction) => {
        await transaction.query('insert into kept values (1)');
        throw new Error('half-way');
      });
      await expect(fails).rejects.toThrow('half-way');
      await database.transaction((transaction) => transaction.query('insert into kept values (2)'));
      expect(await database.query('select n from kept')).toEqual([{ n: 2 }]);
    });
  });

  describe('migrations', () => {
    it('a second one does no harm', async () => {
      expect(await migrate(database)).toEqual([]);
    });

    it('are all applied to an empty database', async () => {
      const empty = await driver.open(false);
      expect(await migrate(empty)).toEqual([
        '0001_facts.sql',
        '0002_answers.sql',
        '0003_all_inputs.sql',
        '0004_reading_again.sql',
        '0005_rederived.sql',
        '0006_identity.sql',
        '0007_registry.sql',
        '0008_recruiting.sql',
        '0009_incidents.sql',
        '0010_class_scores.sql',
        '0011_survival_and_lifecycle.sql',
      ]);
      await empty.close();
    });

    it('go on from a database of an older version, which keeps what it has', async () => {
      const old = await driver.open();
      await old.query("insert into partner_key values ('kept')");
      await old.query('drop table delivery, assignment, nudge, score, publication, model_version, run');
      await old.query("delete from schema_migration where name = '0002_answers.sql'");
      expect(await migrate(old)).toEqual(['0002_answers.sql']);
      expect(await old.query('select * from partner_key')).toEqual([{ partner_id: 'kept' }]);
      await old.close();
    });

    it('refuse a database of a newer version, and one made with other migrations', async () => {
      await database.query("insert into schema_migration (name, checksum) values ('9999_future.sql', 'x')");
      await expect(migrate(database)).rejects.toThrow(/9999_future.sql, which this version does not know/);
      await database.query("delete from schema_migration where name = '9999_future.sql'");
      await database.query("update schema_migration set checksum = 'x' where name = '0001_facts.sql'");
      await expect(migrate(database)).rejects.toThrow(/0001_facts.sql is not the one/);
    });

    it.each(['NaN', '1.01', '-0.01', 'Infinity'])(
      'a probability of %s is refused by the database itself',
      async (probability) => {
        const insert = `insert into assignment (nudge_id, assignment, probability) values ('n', 'send', '${probability}'::float8)`;
        await expect(database.query(insert)).rejects.toThrow(/check constraint|violates/);
      },
    );
  });

  describe('the run ledger', () => {
    const interval = { pipeline: 'daily', start: new Date('2024-06-30'), end: new Date('2024-07-01') };

    it('gives an interval to one holder', async () => {
      const claim = await claimRun(database, interval, 'one', NOW);
      expect(claim).toMatchObject({ attempt: 1, fence: 1 });
      expect(await claimRun(database, interval, 'two', later(10))).toBeNull();
    });

    it('lets another take over when the lease has run out, and refuses what the first one finishes then', async () => {
      const first = await claimRun(database, interval, 'one', NOW);
      const second = await claimRun(database, interval, 'two', later(31));
      if (!first || !second) throw new Error('both were to be claimed');
      expect(second).toMatchObject({ attempt: 2, fence: 2 });
      expect(await renewClaim(database, first, later(32))).toBe(false);
      await expect(requireClaim(database, first)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await finishRun(database, first, { status: 'done', rows: 1, error: null }, later(33));
      expect((await runs(database))[0]).toMatchObject({ status: 'running', fence: 2 });
    });

    it('keeps a claim that is renewed', async () => {
      const claim = await claimRun(database, interval, 'one', NOW);
      if (!claim) throw new Error('was to be claimed');
      expect(await renewClaim(database, claim, later(20))).toBe(true);
      expect(await claimRun(database, interval, 'two', later(40))).toBeNull();
    });

    it('does a day once, unless asked to do it again', async () => {
      const claim = await claimRun(database, interval, 'one', NOW);
      if (!claim) throw new Error('was to be claimed');
      await finishRun(database, claim, { status: 'done', rows: 7, error: null }, later(5));
      expect(await claimRun(database, interval, 'one', later(100))).toBeNull();
      expect(await lastDone(database, 'daily')).toEqual(interval.end);
      expect(await lastDone(database, 'daily', interval.start)).toBeNull();
      expect(await claimRun(database, interval, 'one', later(100), true)).toMatchObject({ attempt: 2, fence: 2 });
    });

    it('tries a failed interval again after a while', async () => {
      const claim = await claimRun(database, interval, 'one', NOW);
      if (!claim) throw new Error('was to be claimed');
      await finishRun(database, claim, { status: 'failed', rows: null, error: 'no luck' }, NOW);
      expect(await claimRun(database, interval, 'one', later(119))).toBeNull();
      expect(await claimRun(database, interval, 'one', later(120))).toMatchObject({ attempt: 2 });
    });
  });

  describe('scores', () => {
    const asOf = parseDay('2024-07-01');
    const score = (
      entityId: string,
      probability: number,
      valueAtRiskMinor: number | null,
      more: Partial<Score> = {},
    ): Score => ({
      entityId,
      asOf,
      horizonDays: 90,
      probability,
      low: probability,
      high: probability,
      survival: { days: [45, 90], probability: [1, probability], low: [0.5, 0], high: [1, 1] },
      band: probability > 0.5 ? 'high' : 'low',
      listed: probability > 0.5,
      valueAtRiskMinor,
      action: 'Call',
      reasons: [],
      missing: ['events_30d'],
      evidence: {
        weeks: [0, 1],
        lastBusiness: asOf - DAY,
        lastSignOfLife: null,
        renewsOn: null,
        wonMinor: 0,
        baseLogOdds: -1.2,
        calibrationLogOdds: 0.1,
      },
      inputsDigest: '0'.repeat(64),
      ...more,
    });
    const publication = {
      model: 'churn-risk',
      version: 'v1',
      asOf,
      watermark: asOf - 1,
      scored: 0,
      publishedAt: NOW.getTime(),
      made: null,
    };
    const publish = (scores: Score[], more: Partial<typeof publication> = {}) =>
      database.transaction((transaction) => publishScores(transaction, { ...publication, ...more }, scores, 'USD'));

    async function list(filter = {}, page: Partial<Parameters<typeof scoresOf>[3]> = {}) {
      const standing = await publicationOf(database, 'churn-risk');
      if (!standing) throw new Error('nothing is published');
      return scoresOf(database, standing, filter, { sort: 'probability', descending: true, limit: 100, ...page });
    }

    /** The ids of all pages of a list, one page after the other. */
    async function pages(page: { sort: 'probability' | 'value_at_risk' | 'name'; descending: boolean; limit: number }) {
      const seen: string[] = [];
      let after: { key: string | number | null; entityId: string } | undefined;
      for (;;) {
        const some = await list({}, { ...page, after });
        seen.push(...some.map(({ entityId }) => entityId));
        const last = some.at(-1);
        if (!last) return seen;
        const keys = {
          probability: last.probability,
          value_at_risk: last.valueAtRiskMinor ?? -1,
          name: last.partner.name,
        };
        after = { key: keys[page.sort], entityId: last.entityId };
      }
    }

    it('stand as they were published, to the bit', async () => {
      const probability = 0.1 + 0.2;
      await publish([score('p', probability, 123)]);
      const [read] = await list();
      const { partner, change, listedSince, modelVersion, currency, ...rest } = read;
      const { inputsDigest, ...published } = score('p', probability, 123);
      expect(rest).toEqual(published);
      expect({ change, modelVersion, currency, listedSince }).toEqual({
        change: null,
        modelVersion: 'v1',
        currency: 'USD',
        listedSince: null,
      });
      expect(partner).toMatchObject({ id: 'p', name: 'p', isStub: true });
    });

    it('name partners as they are known today, and those that no row defines by their id', async () => {
      await storeRows(database, 'partners', [
        { partner_id: 'p', name: 'Old', known_at: '2024-01-01' },
        { partner_id: 'q', name: 'Quill', known_at: '2024-01-01' },
      ]);
      await storeRows(database, 'partners', [{ partner_id: 'p', name: 'New', known_at: '2024-02-01' }]);
      expect([...(await partnerNames(database, ['stub', 'p']))]).toEqual([
        ['stub', 'stub'],
        ['p', 'New'],
      ]);
      expect(await partnerNames(database, [])).toEqual(new Map());
    });

    it('are replaced whole when the day is published again', async () => {
      await publish([score('p', 0.9, 1), score('q', 0.8, 1)]);
      await publish([score('q', 0.2, 1)], { version: 'v2' });
      expect((await list()).map(({ entityId, modelVersion }) => [entityId, modelVersion])).toEqual([['q', 'v2']]);
    });

    it('are filtered, sorted and paged without loss or repeat, ties and unknown values included', async () => {
      const many = Array.from({ length: 25 }, (__, i) => score(`p${i}`, (i % 4) / 4, i % 3 === 0 ? null : i));
      await publish(many);
      for (const sort of ['probability', 'value_at_risk', 'name'] as const) {
        for (const descending of [true, false]) {
          const seen = await pages({ sort, descending, limit: 4 });
          expect(new Set(seen).size, `${sort} ${descending}`).toBe(25);
          expect(seen).toEqual((await list({}, { sort, descending })).map(({ entityId }) => entityId));
        }
      }
      expect(await list({ minProbability: 0.75 })).toHaveLength(6);
      expect(await list({ listed: true, search: 'P1' })).toHaveLength(3);
      expect(await list({ owner: "nobody' or true" })).toEqual([]);
    });

    it('tell what changed in a month, and since when a partner is on the list', async () => {
      const day = (days: number) => asOf - days * DAY;
      await publish([score('p', 0.3, 1, { asOf: day(31) })], { asOf: day(31) });
      await publish([score('p', 0.6, 1, { asOf: day(7) })], { asOf: day(7) });
      await publish([score('p', 0.9, 1)]);
      const [{ change, listedSince }] = await list();
      expect(change).toBeCloseTo(0.6, 12);
      expect(listedSince).toBe(day(7));
      expect((await scoreSeries(database, 'churn-risk', 'p')).map(({ probability }) => probability)).toEqual([
        0.3, 0.6, 0.9,
      ]);
    });

    it('are summed up', async () => {
      await publish([score('p', 0.9, 100), score('q', 0.8, null), score('r', 0.1, 7)]);
      const standing = await publicationOf(database, 'churn-risk');
      expect(standing && (await summaryOf(database, standing))).toEqual({
        high: 2,
        medium: 0,
        low: 1,
        listed: 2,
        listedValueMinor: 100,
        currency: 'USD',
      });
    });
  });

  describe('the outbox', () => {
    const decision: NudgeDecision = {
      nudgeId: 'n1',
      rule: 're-engagement',
      entityId: 'p',
      episodeStart: parseDay('2024-07-01'),
      asOf: parseDay('2024-07-01'),
      because: 'quiet',
      evidence: { usual_gap_days: null },
      assignment: 'send',
      assignmentProbability: 0.9,
    };
    const message = { nudgeId: 'n1', endpoint: 'http://receiver', payload: '{"a":1}' };

    it('keeps an episode once', async () => {
      expect(await keepNudges(database, [decision], NOW)).toEqual([decision]);
      expect(await keepNudges(database, [decision, { ...decision, nudgeId: 'other' }], NOW)).toEqual([]);
      expect(await nudges(database, { limit: 10 })).toEqual([
        { ...decision, decidedAt: NOW.getTime(), delivery: null },
      ]);
    });

    it('hands a message to one at a time, again after a failure, never after delivery', async () => {
      await keepNudges(database, [decision], NOW);
      await enqueue(database, message, NOW);
      await enqueue(database, message, NOW);
      const taken = await takeDelivery(database, NOW, later(60));
      expect(taken).toEqual({ ...message, attempts: 1 });
      expect(await takeDelivery(database, later(59), later(120))).toBeNull();
      if (taken) await settleDelivery(database, taken, { error: 'refused', retryAt: later(300) });
      expect(await takeDelivery(database, later(299), later(400))).toBeNull();
      const again = await takeDelivery(database, later(300), later(400));
      expect(again?.attempts).toBe(2);
      if (again) await settleDelivery(database, again, { deliveredAt: later(301) });
      expect(await takeDelivery(database, later(9999), later(99_999))).toBeNull();
      expect((await nudges(database, { limit: 1 }))[0].delivery).toBe('delivered');
    });

    it('gives up when told to', async () => {
      await keepNudges(database, [decision], NOW);
      await enqueue(database, message, NOW);
      const taken = await takeDelivery(database, NOW, later(60));
      if (taken) await settleDelivery(database, taken, { error: 'gone', retryAt: null });
      expect(await takeDelivery(database, later(9999), later(99_999))).toBeNull();
      expect((await nudges(database, { limit: 1, entityId: 'p' }))[0].delivery).toBe('failed');
      expect(await nudges(database, { limit: 1, entityId: 'q' })).toEqual([]);
    });
  });
});
