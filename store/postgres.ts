import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { CopySink, Database } from './database.ts';
import { problem } from './problem.ts';

const BIGINT = 20;
const NUMERIC = 1700;
const DATE = 1082;
const OLDEST = 150000;

/**
 * A PostgreSQL server, 15 or newer.
 * @param url `postgres://user:password@host:port/database`, with any libpq-style options
 * @throws Error saying why it cannot be reached, or its version when that is too old; a problem `USAGE` for no address
 */
export async function openPostgres(url: string): Promise<Database> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format: 'text' | 'binary') => {
      if (oid === BIGINT || oid === NUMERIC) return Number;
      if (oid === DATE) return (text: string) => text;
      return pg.types.getTypeParser(oid, format as 'text');
    }) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({ connectionString: inUtc(url), types, max: 8, application_name: 'partnercast' });
  // A connection that breaks while idle is replaced by the pool; unheard, its error would end the process.
  pool.on('error', () => {});
  await requireVersion(pool);
  return {
    ...adapt(pool),
    copyIn: () => {
      throw new Error('rows are copied in within a transaction');
    },
    async *copyOut(select) {
      const client = await pool.connect();
      try {
        yield* client.query(copyTo(`copy (${select}) to stdout with (format binary)`));
      } finally {
        client.release();
      }
    },
    transaction: (work) => withClient(pool, (client) => inTransaction(client, work)),
    close: () => pool.end(),
  };
}

/** Every session begins in UTC, beside whatever options the address has already. */
function inUtc(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw problem('USAGE', 'DATABASE_URL is no address: write postgres://user:password@host:5432/database.');
  }
  const address = new URL(url);
  const options = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${options} -c timezone=UTC`.trim());
  return address.href;
}

async function requireVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query("select current_setting('server_version_num')::int as number").catch((error) => {
    throw new Error(`PostgreSQL cannot be reached: ${error.message || error.code}. Check DATABASE_URL.`);
  });
  if (rows[0].number < OLDEST) {
    throw new Error(`PostgreSQL 15 or newer is needed, and the server is ${Math.floor(rows[0].number / 10000)}.`);
  }
}

async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    // What fails on a broken connection says little; that it broke says all.
    throw broken !== undefined || isLost(error) ? lost(broken ?? (error as Error)) : error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function inTransaction<Result>(client: pg.PoolClient, work: (transaction: Database) => Promise<Result>) {
  let copying: Writable | undefined;
  const within: Database = {
    ...adapt(client),
    copyIn(table, columns) {
      const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
      copying = stream;
      return sinkOf(stream);
    },
    async *copyOut(select) {
      yield* client.query(copyTo(`copy (${select}) to stdout with (format binary)`));
    },
    transaction: (nested) => nested(within),
    close: () => Promise.reject(new Error('a transaction is not closed but left')),
  };
  await client.query('begin');
  try {
    const result = await work(within);
    await client.query('commit');
    return result;
  } catch (error) {
    // Rows that are still awaited are given up, or the rollback would wait behind them for ever.
    copying?.destroy();
    // The first error is the one to tell; a broken connection has rolled back by itself.
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** SQLSTATE classes of a connection that ended or was ended, and what sockets say of it. */
const LOST = /^(08|57P)|ECONNRESET|EPIPE|ETIMEDOUT/;

function isLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return LOST.test(code) || /connection terminated/i.test(message);
}

function lost({ message }: Error): Error {
  return new Error(`The connection to PostgreSQL was lost (${message}); what was at work has not happened. Try again.`);
}

function sinkOf(stream: Writable): CopySink {
  const done = finished(stream);
  // Told when it is awaited: by the next write that has to wait, or at the end.
  done.catch(() => {});
  return {
    async write(lines) {
      if (!stream.write(lines)) await Promise.race([once(stream, 'drain'), done]);
    },
    async end() {
      stream.end();
      await done;
    },
  };
}

function adapt(client: pg.Pool | pg.PoolClient): Pick<Database, 'query' | 'execute'> {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await client.query(sql, [...parameters])).rows as Row[];
    },
    async execute(sql: string, parameters: readonly unknown[] = []) {
      return (await client.query(sql, [...parameters])).rowCount ?? 0;
    },
  };
}
