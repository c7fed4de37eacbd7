import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, protocol, type Transaction } from '@electric-sql/pglite';
import { dataDir } from '@electric-sql/pglite-prepopulatedfs';
import { CopyMessages } from './copy-messages.ts';
import type { Database } from './database.ts';

/** The directory within the data directory that PostgreSQL's files are in. */
export const EMBEDDED = 'postgres';

const BIGINT = 20;
const NUMERIC = 1700;
const DATE = 1082;
const PARSERS = { [BIGINT]: Number, [NUMERIC]: Number, [DATE]: (text: string) => text };

/**
 * PostgreSQL inside this process, its files in a directory.
 * @param directory where the data lives; it is made on first use, or not at all when undefined: then in memory
 */
export async function openPglite(directory?: string): Promise<Database> {
  const pglite = directory === undefined ? await create(undefined) : await openDirectory(join(directory, EMBEDDED));
  await pglite.exec("set timezone to 'UTC'");
  return {
    ...adapt(pglite),
    async *copyOut(select) {
      yield* await pglite.transaction(() => copyOf(pglite, select));
    },
    transaction: (work) => pglite.transaction((tx) => work(nested(pglite, tx))),
    close: () => pglite.close(),
  };
}

/** A directory is made under another name first: what a kill leaves half-made is never taken for a store. */
async function openDirectory(directory: string): Promise<PGlite> {
  if (!existsSync(directory)) {
    const unfinished = `${directory}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    await (await create(unfinished)).close();
    renameSync(unfinished, directory);
  }
  try {
    return await PGlite.create({ dataDir: directory, parsers: PARSERS });
  } catch (error) {
    throw new Error(
      `The store in ${directory} cannot be opened: its files are damaged (${(error as Error).message}). ` +
        'Restore a backup of the directory, or remove it and load your files again.',
    );
  }
}

async function create(directory: string | undefined): Promise<PGlite> {
  const files = { loadDataDir: await dataDir(), parsers: PARSERS };
  return PGlite.create(directory === undefined ? files : { ...files, dataDir: directory });
}

function nested(pglite: PGlite, transaction: Transaction): Database {
  const within: Database = {
    ...adapt(transaction),
    async *copyOut(select) {
      yield* await copyOf(pglite, select);
    },
    transaction: (work) => work(within),
    close: () => Promise.reject(new Error('a transaction is not closed but left')),
  };
  return within;
}

/**
 * What COPY gives for a select, read from the messages of the protocol: as a file, the engine hands it out in a thousand
 * small pieces, at three times the cost. Only while no other statement is at work, thus within a transaction.
 */
async function copyOf(pglite: PGlite, select: string): Promise<Uint8Array[]> {
  const messages = new CopyMessages();
  const statement = protocol.serialize.query(`copy (${select}) to stdout with (format binary)`);
  const onRawData = (bytes: Uint8Array) => messages.take(bytes);
  await pglite.runExclusive(() => pglite.execProtocolRawStream(statement, { syncToFs: false, onRawData }));
  return messages.pieces();
}

function adapt(pglite: PGlite | Transaction): Pick<Database, 'query' | 'execute' | 'copyIn'> {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
    async execute(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query(sql, [...parameters])).affectedRows ?? 0;
    },
    copyIn(table, columns) {
      const statement = `copy ${table} (${columns.join(', ')}) from '/dev/blob'`;
      return {
        async write(lines) {
          await pglite.query(statement, [], { blob: new Blob([lines as BlobPart]) });
        },
        end: async () => {},
      };
    },
  };
}
