import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay, startOfDay } from '../../features/index.ts';
import type { NudgeDecision } from '../../models/index.ts';
import { type DeliverySettings, deliverDue } from '../../serve/index.ts';
import { type Database, enqueue, keepNudges, nudges, openStore } from '../../store/index.ts';
import { command, startCommand } from '../helpers/command-line.ts';
import { drivers } from '../helpers/databases.ts';
import { type Receiver, startReceiver } from '../helpers/start-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret that both sides have').toString('base64')}`;

describe.each(drivers.map((driver) => [driver.name, driver] as const))('deliveries from %s', (_, driver) => {
  let database: Database;
  let receiver: Receiver | undefined;
  let now: number;
  const problems: (string | null)[] = [];
  const settings: DeliverySettings = {
    secret: SECRET,
    allowPrivate: true,
    clock: () => now,
    told: (_delivery, problem) => problems.push(problem),
  };

  beforeEach(async () => {
    database = await driver.open();
    now = Date.now();
    problems.length = 0;
  });
  afterEach(async () => {
    receiver?.stop();
    await database.close();
  });

  async function put(endpoint: string): Promise<void> {
    const decision: NudgeDecision = {
      nudgeId: 'nudge_1',
      rule: 're-engagement',
      entityId: 'p',
      episodeStart: parseDay('2024-07-01'),
      asOf: parseDay('2024-07-01'),
      because: 'quiet',
      evidence: {},
      assignment: 'send',
      assignmentProbability: 1,
    };
    await keepNudges(database, [decision], new Date(now));
    const payload = JSON.stringify({ type: 'nudge.re-engagement', data: { name: 'Ünï' } });
    await enqueue(database, { nudgeId: 'nudge_1', endpoint, payload }, new Date(now));
  }

  it('reach the receiver once, signed so that it can verify them', async () => {
    receiver = await startReceiver('ok', SECRET);
    await put(`http://127.0.0.1:${receiver.port}/hook`);
    expect(await deliverDue(database, settings)).toBe(1);
    expect(await deliverDue(database, settings)).toBe(0);
    await receiver.got(1);
    expect(receiver.received).toEqual([
      { id: 'nudge_1', verified: true, body: { type: 'nudge.re-engagement', data: { name: 'Ünï' } } },
    ]);
  });

  it('signed with another secret are told from ours by the receiver', async () => {
    receiver = await startReceiver('ok', SECRET);
    await put(`http://127.0.0.1:${receiver.port}/hook`);
    await deliverDue(database, {
      ...settings,
      secret: `whsec_${Buffer.from('not the same secret').toString('base64')}`,
    });
    await receiver.got(1);
    expect(receiver.received[0].verified).toBe(false);
  });

  it('are tried again later when the receiver fails, and given up after ten attempts', async () => {
    receiver = await startReceiver('fail', SECRET);
    await put(`http://127.0.0.1:${receiver.port}/hook`);
    for (let attempt = 1; attempt <= 12; attempt++) {
      await deliverDue(database, settings);
      now += 2 * DAY;
    }
    expect(problems).toEqual(new Array(10).fill('the receiver answered 500'));
    expect((await nudges(database, { limit: 1 }))[0].delivery).toBe('failed');
  });

  it('do not go to this machine or a private network unless that is allowed', async () => {
    await put('http://127.0.0.1:9/hook');
    expect(await deliverDue(database, { ...settings, allowPrivate: false })).toBe(0);
    expect(problems[0]).toMatch(/DNS lookup .* is not allowed|127\.0\.0\.1.*not allowed|private IP/i);
  });
});

describe('a kill between decision and delivery', () => {
  it('loses nothing: the message is delivered by the next process, with the same id', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-kill-'));
    const today = startOfDay(Date.now());
    const day = (back: number) => formatDay(today - back * DAY);
    // Too little to score anyone by, which keeps no nudge back.
    const rows = [
      `e1,quiet,deal.registered,${day(90)}`,
      `e2,quiet,deal.registered,${day(30)}`,
      `e3,lively,deal.registered,${day(1)}`,
    ];
    writeFileSync(join(directory, 'events.csv'), ['event_id,partner_id,kind,happened_at', ...rows].join('\n'));

    const hanging = await startReceiver('hang', SECRET);
    const config = {
      nudge_hold_out: 0,
      webhook_url: `http://127.0.0.1:${hanging.port}/hook`,
      webhook_allow_private: true,
    };
    writeFileSync(join(directory, 'partnercast.config.json'), JSON.stringify(config));
    const env = { PARTNERCAST_WEBHOOK_SECRET: SECRET };
    expect(await command(['ingest', 'events.csv'], { cwd: directory })).toMatchObject({ code: 0 });

    const killed = startCommand(['run', '--as-of', formatDay(today), '--send'], { cwd: directory, env });
    await hanging.got(1);
    killed.kill('SIGKILL');
    await killed.ended;
    hanging.stop();

    const [undelivered] = JSON.parse((await command(['list', 'nudges', '--json'], { cwd: directory })).stdout);
    expect(undelivered).toMatchObject({ entity_id: 'quiet', delivery: 'pending', episode_start: formatDay(today) });

    const receiver = await startReceiver('ok', SECRET, hanging.port);
    await letHoldRunOut(join(directory, '.partnercast'));
    const delivered = await command(['deliver', '--json'], { cwd: directory, env });
    expect(JSON.parse(delivered.stdout)).toEqual({ delivered: 1 });
    const again = await command(['run', '--as-of', formatDay(today), '--send', '--json'], { cwd: directory, env });
    expect(JSON.parse(again.stdout).nudges).toMatchObject({ decided: 1, delivered: 0 });
    await receiver.got(1);
    receiver.stop();
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]).toMatchObject({ id: undelivered.nudge_id, verified: true });
    expect(receiver.received[0].id).toBe(hanging.received[0].id);
    expect(receiver.received[0].body.data).toMatchObject({ partner_id: 'quiet', rule: 're-engagement' });
    rmSync(directory, { recursive: true, force: true });
  }, 240_000);
});

/** The killed process holds the message for a minute, and another may take it only then: as if that had passed. */
async function letHoldRunOut(directory: string): Promise<void> {
  const database = await openStore({ databaseUrl: undefined, directory }, 'test');
  await database.query("update delivery set next_attempt_at = next_attempt_at - interval '1 minute'");
  await database.close();
}
