import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { Database } from '../../store/index.ts';
import { migrate } from '../../store/migrate.ts';
import { openPglite } from '../../store/pglite.ts';
import { openPostgres } from '../../store/postgres.ts';

let pglite: Promise<Database> | undefined;

/** Both drivers, each giving an empty database of its own; `migrated` brings the schema with it. */
export const drivers: readonly { name: string; open(migrated?: boolean): Promise<Database> }[] = [
  {
    name: 'PGlite',
    async open(migrated = true) {
      pglite ??= openPglite();
      const database = await pglite;
      const schema = freshName();
      await database.query(`create schema ${schema}`);
      await database.query(`set search_path to ${schema}`);
      if (migrated) await migrate(database);
      // One engine serves all tests of a file; closing it is left to the end of the process.
      return { ...database, close: async () => {} };
    },
  },
  {
    name: 'PostgreSQL',
    async open(migrated = true) {
      const url = new URL(inject('postgresUrl'));
      const schema = freshName();
      const admin = await openPostgres(url.href);
      await admin.query(`create schema ${schema}`);
      await admin.close();
      url.searchParams.set('options', `-c search_path=${schema}`);
      const database = await openPostgres(url.href);
      if (migrated) await migrate(database);
      return database;
    },
  },
];

/** A database that is there at once, where the driver does not matter. */
export const openDatabase = (): Promise<Database> => drivers[0].open();

function freshName(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}
