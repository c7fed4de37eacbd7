import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';
import { type Database, openStore } from '../../store/index.ts';
import { openPostgres } from '../../store/postgres.ts';

/** A store where this process and others can open it, one after the other. */
export interface Place {
  /** What the command line needs to find it. */
  flags: string[];
  env: Record<string, string>;
  open(): Promise<Database>;
  /** Resolves when the command line has come to it. */
  reached(): Promise<void>;
  /** Resolves when nothing is at work in it any more for a process that is gone. */
  settled(): Promise<void>;
  /** Takes the connections of the command line away from it. @returns how many it had */
  cut(): Promise<number>;
}

/** Kinds of store. Every place made in a directory holds what `fill` has put into the first of its kind. */
export const placeKinds: readonly { name: string; make(directory: string, fill: Fill): Promise<Place> }[] = [
  {
    name: 'the embedded store',
    async make(directory, fill) {
      const first = join(directory, 'store');
      if (!existsSync(first)) await fill(embeddedIn(first));
      const copy = `${first}-${randomBytes(4).toString('hex')}`;
      cpSync(first, copy, { recursive: true });
      return embeddedIn(copy);
    },
  },
  {
    name: 'PostgreSQL',
    async make(_directory, fill) {
      const place = await serverPlace();
      await fill(place);
      return place;
    },
  },
];

type Fill = (place: Place) => Promise<void>;

function embeddedIn(directory: string): Place {
  return {
    flags: ['--data', directory],
    env: {},
    open: () => openStore({ databaseUrl: undefined, directory }, 'the test'),
    // Whoever opens the directory has laid a claim to it before.
    reached: () => until(async () => readdirSync(directory).some((name) => name.startsWith('lock-'))),
    settled: async () => {},
    cut: async () => 0,
  };
}

/** A schema of its own; the connections of the command line bear its name, and those of this process do not. */
async function serverPlace(): Promise<Place> {
  const schema = `place_${randomBytes(6).toString('hex')}`;
  await onServer(`create schema ${schema}`);
  const url = new URL(inject('postgresUrl'));
  url.searchParams.set('options', `-c search_path=${schema}`);
  const databaseUrl = url.href;
  url.searchParams.set('application_name', schema);
  const theirs = (what: string) =>
    onServer(`select ${what} from pg_stat_activity where application_name = $1`, [schema]);
  return {
    flags: [],
    env: { DATABASE_URL: url.href },
    open: () => openStore({ databaseUrl, directory: '' }, 'the test'),
    reached: () => until(async () => (await theirs('pid')).length > 0),
    settled: () => until(async () => (await theirs('pid')).length === 0),
    cut: async () => (await theirs('pg_terminate_backend(pid)')).length,
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(10);
}

async function onServer(sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> {
  const database = await openPostgres(inject('postgresUrl'));
  try {
    return await database.query(sql, parameters);
  } finally {
    await database.close();
  }
}
