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
