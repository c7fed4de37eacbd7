import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { lock } from './lock.ts';
import { migrate } from './migrate.ts';
import { EMBEDDED, openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import { releaseClaims } from './runs.ts';

/** Which store to open. */
export interface StoreLocation {
  /** A PostgreSQL server; when undefined, the embedded store in `directory`. */
  databaseUrl: string | undefined;
  directory: string;
}

/**
 * Opens the store and brings its schema up to date.
 * @param what the command that opens it, told to others while the embedded store is held
 * @throws a problem `STORE_HELD` when another process has the embedded store
 */
export async function openStore({ databaseUrl, directory }: StoreLocation, what: string): Promise<Database> {
  if (databaseUrl !== undefined) return migrated(await openPostgres(databaseUrl));
  const { release } = await lock(directory, what);
  try {
    const database = await migrated(await openPglite(directory));
    // Whoever was at work here is dead, or the lock would not be ours.
    await releaseClaims(database);
    return { ...database, close: () => database.close().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

async function migrated(database: Database): Promise<Database> {
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens an empty store in memory, which ends with the process. */
export async function openScratch(): Promise<Database> {
  return migrated(await openPglite());
}

/**
 * The inputs that a source has loaded into a store before; nothing is written, not even a schema. None where there is
 * no store yet.
 * @param what the command that asks, told to others while it does
 * @throws a problem `STORE_HELD` when another process has the embedded store
 */
export async function inputsLoaded(
  { databaseUrl, directory }: StoreLocation,
  source: string,
  what: string,
): Promise<string[]> {
  if (databaseUrl !== undefined) return loadedTargets(await openPostgres(databaseUrl), source);
  if (!embeddedStoreIn(directory)) return [];
  const { release } = await lock(directory, what);
  try {
    return await loadedTargets(await openPglite(directory), source);
  } finally {
    release();
  }
}

async function loadedTargets(database: Database, source: string): Promise<string[]> {
  try {
    const [{ exists }] = await database.query<{ exists: boolean }>("select to_regclass('load') is not null as exists");
    if (!exists) return [];
    const rows = await database.query<{ target: string }>(
      'select distinct target from load where source = $1 and stored + duplicate > 0',
      [source],
    );
    return rows.map(({ target }) => target);
  } finally {
    await database.close();
  }
}

/** Whether there is an embedded store in a directory. */
export function embeddedStoreIn(directory: string): boolean {
  return existsSync(join(directory, EMBEDDED));
}

/**
 * Removes the embedded store in a directory.
 * @throws a problem `STORE_HELD` when another process has it
 */
export async function removeEmbeddedStore(directory: string, what: string): Promise<void> {
  const { release } = await lock(directory, what);
  rmSync(join(directory, EMBEDDED), { recursive: true, force: true });
  release();
}
