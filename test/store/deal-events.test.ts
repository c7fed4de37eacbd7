import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import { type Database, factsIn } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

const NOW = parseDay('2024-09-01');
const DEALS = 'deal_id,submitted_at,decided_at,decision,amount,currency,closed_at,outcome';

describe.each(drivers.map((driver) => [driver.name, driver] as const))('deals as events, on %s', (_, driver) => {
  let database: Database;
  let directory: string;

  beforeEach(async () => {
    database = await driver.open();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-deals-'));
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function load(name: string, lines: string[], now = NOW, lagDays = 0) {
    const path = join(directory, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const mapping = { ...canonicalMapping(), lagDays };
    return (await ingest(database, [path], { mapping, backfill: false, maxBad: 0, now })).total;
  }

  /** The milestones of p's deals as a read of T sees them: kind, day it happened, value. */
  async function seen(asOf: string) {
    const rows = await database.query<{ kind: string; happened_at: Date; value: number | null }>(
      `select kind, happened_at, value from partner_event where partner_id = 'p' and happened_at < $1 and known_at < $1
         and (replaced_at is null or replaced_at >= $1) order by happened_at, kind`,
      [new Date(parseDay(asOf))],
    );
    return rows.map(({ kind, happened_at, value }) => [kind, happened_at.toISOString().slice(0, 10), value]);
  }

  it('show what was known then: a registration keeps the amount it was registered with', async () => {
    await load('deals.csv', [
      `${DEALS},known_at`,
      'd,2024-01-10,,,100,EUR,,open,2024-01-11',
      'd,2024-01-10,2024-02-01,approved,150,EUR,,open,2024-02-02',
      'd,2024-01-10,2024-02-01,approved,180,EUR,2024-03-05,won,2024-03-06',
      'd,2024-01-10,2024-02-01,approved,175,EUR,2024-03-05,won,2024-04-01',
    ]);
    await load('deal_partners.csv', ['deal_id,partner_id,role,known_at', 'd,p,sourced,2024-01-11']);
    expect(await seen('2024-01-11')).toEqual([]);
    expect(await seen('2024-01-12')).toEqual([['deal.registered', '2024-01-10', 100]]);
    const approved = [
      ['deal.registered', '2024-01-10', 100],
      ['deal.approved', '2024-02-01', 150],
    ];
    expect(await seen('2024-02-10')).toEqual(approved);
    expect(await seen('2024-03-10')).toEqual([...approved, ['deal.won', '2024-03-05', 180]]);
    expect(await seen('2024-05-01')).toEqual([...approved, ['deal.won', '2024-03-05', 175]]);
  });

  it('end with the version that takes them back', async () => {
    await load('deals.csv', [
      `${DEALS},known_at`,
      'd,2024-01-10,,,100,EUR,2024-03-05,won,2024-03-06',
      'd,2024-01-10,,,100,EUR,,open,2024-04-01',
    ]);
    await load('deal_partners.csv', ['deal_id,partner_id,role,known_at', 'd,p,sourced,2024-01-11']);
    expect((await seen('2024-03-10')).map(([kind]) => kind)).toEqual(['deal.registered', 'deal.won']);
    expect((await seen('2024-05-01')).map(([kind]) => kind)).toEqual(['deal.registered']);
  });

  it('of an export loaded as history are known when they happened, with an amount only where it cannot have changed', async () => {
    await load('deals.csv', [DEALS, 'd,2024-01-10,2024-02-01,approved,180,EUR,2024-03-05,won'], NOW, 2);
    await load('deal_partners.csv', ['deal_id,partner_id,role', 'd,p,sourced', 'd,p,resold', 'd,q,influenced'], NOW, 2);
    expect(await seen('2024-01-12')).toEqual([]);
    expect(await seen('2024-01-13')).toEqual([['deal.registered', '2024-01-10', null]]);
    expect(await seen('2024-03-08')).toEqual([
      ['deal.registered', '2024-01-10', null],
      ['deal.approved', '2024-02-01', null],
      ['deal.won', '2024-03-05', 180],
    ]);
    const each = await database.query('select partner_id, count(*) from partner_event group by 1 order by 1');
    expect(each).toEqual([
      { partner_id: 'p', count: 3 },
      { partner_id: 'q', count: 3 },
    ]);
  });

  it('a partner that joins late has them from when that was known', async () => {
    await load('deals.csv', [`${DEALS},known_at`, 'd,2024-01-10,,,100,EUR,,open,2024-01-11']);
    await load('deal_partners.csv', ['deal_id,partner_id,role,known_at', 'd,p,influenced,2024-02-20']);
    expect(await seen('2024-02-20')).toEqual([]);
    expect(await seen('2024-02-21')).toEqual([['deal.registered', '2024-01-10', 100]]);
  });

  it('two exports of the partners, days apart, are a history of what changed; before the first nothing is known', async () => {
    const header = 'partner_id,name,tier,owner,signed_on';
    await load('partners.csv', [header, 'p,One,silver,Ana,2020-05-01', 'q,Two,gold,Ana,2020-05-01']);
    await load('partners-2.csv', [header, 'p,One,gold,Ana,2020-05-01', 'q,Two,gold,Ana,2020-05-01'], NOW + 7 * DAY);
    const history = await database.query(
      `select partner_id, value, known_at from partner_attribute_history where attribute = 'tier' order by 1, 3`,
    );
    expect(history).toEqual([
      { partner_id: 'p', value: 'silver', known_at: new Date(NOW) },
      { partner_id: 'p', value: 'gold', known_at: new Date(NOW + 7 * DAY) },
      { partner_id: 'q', value: 'gold', known_at: new Date(NOW) },
    ]);
  });

  it('an agreement loaded as history began when it began, and was not yet known to end', async () => {
    await load('agreements.csv', [
      'agreement_id,partner_id,starts_on,renews_on,ended_on,end_reason',
      'a,p,2022-01-01,2023-01-01,2023-01-01,partner',
      'b,p,2023-01-01,2025-01-01,,',
    ]);
    for await (const { profiles } of factsIn(database, 'USD').ranges(NOW)) {
      expect(
        profiles[0].agreements.map(({ id, knownAt, endedOn, renewsOn }) => [id, knownAt, endedOn, renewsOn]),
      ).toEqual([
        ['a', parseDay('2022-01-01'), null, null],
        ['a', parseDay('2023-01-01'), parseDay('2023-01-01'), parseDay('2023-01-01')],
        // What it is like today, the next renewal with it, is known only from the load.
        ['b', parseDay('2023-01-01'), null, null],
      ]);
    }
  });
});
