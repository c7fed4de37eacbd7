import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { seeded, seedFor } from '../../models/index.ts';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import type { Database } from '../../store/index.ts';
import { startCommand } from '../helpers/command-line.ts';
import { type Place, placeKinds } from '../helpers/store-places.ts';
import { type StoreState, stateOf } from '../helpers/store-state.ts';

/** For each kind of store; `KILLS=20` for the record, another `KILL_SEED` for other moments. */
const KILLS = Number(process.env['KILLS'] ?? 2);
const SEED = Number(process.env['KILL_SEED'] ?? 2);
const TIMEOUT = { timeout: 60_000 + KILLS * 20_000 };
const NOW = parseDay('2024-01-01');

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'partnercast-killed-'));
  writeFiles('before', 20, 500);
  writeFiles('after', 200, 20_000);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(placeKinds.map((kind) => [kind.name, kind] as const))('a load into %s', TIMEOUT, (name, kind) => {
  const make = () => kind.make(directory, (place) => within(place, (database) => load(database, 'before')));
  /** What a store holds before the load and after it. */
  let before: StoreState;
  let after: StoreState;
  /** From when the command line has come to the store to its end. */
  let milliseconds: number;

  beforeAll(async () => {
    const place = await make();
    before = await within(place, stateOf);
    const child = start(place);
    await place.reached();
    const from = performance.now();
    expect(await child.ended).toMatchObject({ code: 0 });
    milliseconds = performance.now() - from;
    after = await within(place, stateOf);
    expect(after['event'].rows).toBeGreaterThan(before['event'].rows + 15_000);
    expect(after['quarantine'].rows).toBeGreaterThan(before['quarantine'].rows);
  });

  /** Shares of a load, one at random in each of as many equal parts of it. */
  function moments(count: number): number[] {
    const random = seeded(seedFor(SEED, 'kills'));
    return Array.from({ length: count }, (_, i) => (i + random()) / count);
  }

  /** A load of which a share is done by now, or which has ended. */
  async function atWork(place: Place, share: number) {
    const child = start(place);
    await place.reached();
    const from = performance.now();
    const moment = share * milliseconds;
    const when = `${moment.toFixed(0)} of about ${milliseconds.toFixed(0)} ms`;
    const ended = await Promise.race([child.ended, setTimeout(moment)]);
    // The very first load is the slowest; those that are faster tell the moments of the next ones.
    if (ended) milliseconds = performance.now() - from;
    return { child, when };
  }

  /** Which of the two states it is; fails for any other. */
  function oldOrNew(state: StoreState): 'old' | 'new' {
    if (JSON.stringify(state) === JSON.stringify(before)) return 'old';
    expect(state).toEqual(after);
    return 'new';
  }

  const note = (what: string, found: string) => process.stderr.write(`${name}: ${what}: ${found}\n`);

  it('that is killed has happened or has not, and the next one completes it', async () => {
    for (const share of moments(KILLS)) {
      const place = await make();
      const { child, when } = await atWork(place, share);
      const wasAtWork = child.kill('SIGKILL');
      await child.ended;
      await place.settled();
      await within(place, async (database) => {
        const found = oldOrNew(await stateOf(database));
        note(`killed after ${when}`, `the ${found} state${wasAtWork ? '' : ', as it had ended'}`);
        await load(database, 'after');
        const state = await stateOf(database);
        if (found === 'old') expect(state).toEqual(after);
        else expect(factsOf(state)).toEqual(factsOf(after));
      });
    }
  });

  it.runIf(kind.name === 'PostgreSQL')('that loses its connection says so, and has happened or has not', async () => {
    for (const share of moments(Math.ceil(KILLS / 2))) {
      const place = await make();
      const { child, when } = await atWork(place, share);
      const connections = await place.cut();
      const { code, stderr } = await child.ended;
      const found = oldOrNew(await within(place, stateOf));
      note(`cut after ${when}`, `${connections} connections, exit ${code}, the ${found} state`);
      // Once the load is committed, the connection is no longer needed.
      if (code === 0) expect(found).toBe('new');
      else
        expect([code, stderr]).toEqual([1, expect.stringMatching(/^The connection to PostgreSQL was lost[^\n]*\n$/)]);
    }
  });
});

/** What loads have brought, without what is told of the loads themselves. */
function factsOf({ load, quarantine, ...facts }: StoreState): StoreState {
  return facts;
}

/** Loads files by the command line. */
function start(place: Place) {
  const verb = ['ingest', join(directory, 'after'), '--json', ...place.flags];
  return startCommand(verb, { cwd: directory, env: place.env });
}

/** Opens a store for a piece of work and closes it after. */
async function within<Result>(place: Place, work: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await place.open();
  return work(database).finally(database.close);
}

/** Loads files in this process. */
async function load(database: Database, name: string): Promise<void> {
  await ingest(database, [join(directory, name)], {
    mapping: canonicalMapping(),
    backfill: false,
    maxBad: 5,
    now: NOW,
  });
}

/**
 * Partners and events a minute apart, each known when it happened. Of a hundred rows one is bad, and of fifty events
 * one bears the id that the event before it of the same partner has: a correction.
 */
function writeFiles(name: string, partners: number, events: number): void {
  const start = parseDay('2022-01-01');
  const at = (i: number) => new Date(start + i * 60_000).toISOString();
  const isBad = (i: number) => i % 100 === 99;
  const partner = (i: number) => `p${i},${isBad(i) ? '' : `Partner ${i} of ${name}`},${at(i)}`;
  const event = (i: number) => {
    const id = i % 50 === 48 ? i - partners : i;
    return `e${id},p${i % partners},${isBad(i) ? 'Deal Won' : 'deal.won'},${at(i)},${at(i)},${i},USD`;
  };
  mkdirSync(join(directory, name));
  const write = (file: string, header: string, count: number, row: (i: number) => string) =>
    writeFileSync(
      join(directory, name, file),
      `${[header, ...Array.from({ length: count }, (_, i) => row(i))].join('\n')}\n`,
    );
  write('partners.csv', 'partner_id,name,known_at', partners, partner);
  write('events.csv', 'event_id,partner_id,kind,happened_at,known_at,value,currency', events, event);
}
