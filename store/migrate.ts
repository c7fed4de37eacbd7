import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from './database.ts';

const DIRECTORY = new URL('./migrations/', import.meta.url);
/** Any number, the same in every process: whoever migrates holds it. */
const MIGRATION_LOCK = 7_306_190_221;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The migrations that ship, in the order they are applied. */
function migrations(): Migration[] {
  return readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, DIRECTORY), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings a database to this version's schema, in one transaction; one that is there already is left alone.
 * @returns the names of the migrations that were applied
 * @throws Error when the database was made by a newer version, or an applied migration has been edited since
 */
export async function migrate(database: Database): Promise<string[]> {
  return database.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await transaction.query(
      'create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const applied = await transaction.query<{ name: string; checksum: string }>(
      'select name, checksum from schema_migration',
    );
    const known = migrations();
    requireKnown(applied, known);
    const missing = known.filter(({ name }) => !applied.some((each) => each.name === name));
    for (const { name, sql, checksum } of missing) {
      for (const statement of statements(sql)) await transaction.query(statement);
      await transaction.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum]);
    }
    return missing.map(({ name }) => name);
  });
}

function requireKnown(applied: readonly { name: string; checksum: string }[], known: readonly Migration[]): void {
  for (const { name, checksum } of applied) {
    const ours = known.find((migration) => migration.name === name);
    if (!ours) {
      throw new Error(
        `The database has the migration ${name}, which this version does not know. Use a newer partnercast.`,
      );
    }
    if (ours.checksum !== checksum) {
      throw new Error(`The migration ${name} is not the one this database was made with. Reinstall partnercast.`);
    }
  }
}

/** Statements of a migration; none of them holds a semicolon inside. */
function statements(sql: string): string[] {
  return sql
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
