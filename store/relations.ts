import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { literal } from './database.ts';
import { problem } from './problem.ts';

/** What to read of another database: a table or view, or a select. */
export interface Relation {
  table?: string | undefined;
  query?: string | undefined;
  /** A column that grows with every change. */
  watermark?: string | undefined;
}

/** A piece of a relation: its rows after one watermark, up to and with another; all of it where there is none. */
export interface Piece {
  after: string | null;
  /** Whether the rows that bear the first watermark belong to it as well: they are not those that were read. */
  again?: boolean;
  upTo: string | null;
}

/** Another PostgreSQL database that rows are read from, and nothing is written to. */
export interface Relations {
  /** Host and database, without the password. */
  name: string;
  /** Whether a table or view of that name can be seen. */
  has(table: string): Promise<boolean>;
  /**
   * The end of the next piece of at most about so many rows; rows of one watermark are never parted.
   * @returns null when there is nothing after the position
   */
  nextEnd(relation: Relation, after: string | null, rows: number): Promise<string | null>;
  /**
   * A text that changes with the rows that bear a watermark.
   * @returns null when there are none
   */
  rowsAt(relation: Relation, watermark: string): Promise<string | null>;
  /** How many rows have no watermark, or one without an end: they are never read. */
  withoutWatermark(relation: Relation): Promise<number>;
  /** The rows of a piece, or of the whole relation, as CSV with a header. */
  rows(relation: Relation, piece: Piece): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens another database to read from; every statement runs in a transaction that can write nothing.
 * @param url `postgres://user@host:port/database`; the password may be in PGPASSWORD or a password file instead
 * @throws a problem `USAGE` when it cannot be reached
 */
export async function openRelations(url: string): Promise<Relations> {
  const name = nameOf(url);
  const client = new pg.Client({ connectionString: inOurTerms(url), application_name: 'partnercast' });
  // A connection that breaks fails the statement that needs it; unheard, its error would end the process.
  client.on('error', () => {});
  await client.connect().catch((error) => {
    throw problem('USAGE', `${name} cannot be reached: ${error.message || error.code}.`);
  });
  await client.query('begin isolation level repeatable read read only');
  const single = async (sql: string, parameters: unknown[] = []) =>
    Object.values((await told(name, client.query(alone(sql, parameters)))).rows[0] ?? {})[0];
  return {
    name,
    has: async (table) => (await single(HAS, [quoted(table)])) === true,
    async nextEnd(relation, after, rows) {
      const mark = quoted(relation.watermark ?? '');
      const later = `${hasEnd(mark)}${after === null ? '' : ` and ${mark} > ${literal(after)}`}`;
      const end = await single(
        `select ${mark}::text from ${from(relation)} where ${later} order by ${mark} offset ${rows - 1} limit 1`,
      );
      return (end ?? (await single(`select max(${mark})::text from ${from(relation)} where ${later}`)) ?? null) as
        | string
        | null;
    },
    rowsAt: async (relation, watermark) =>
      (await single(
        `select count(*) || ' ' || sum(hashtextextended((source.*)::text, 0)) from ${from(relation)}
         where ${quoted(relation.watermark ?? '')} = ${literal(watermark)}`,
      )) as string | null,
    withoutWatermark: async (relation) =>
      Number(
        await single(
          `select count(*) from ${from(relation)} where (${hasEnd(quoted(relation.watermark ?? ''))}) is not true`,
        ),
      ),
    async *rows(relation, piece) {
      // Prepared first: what is more than one select is refused before any of it runs.
      const { fields } = await told(name, client.query(alone(`select * from ${from(relation)} limit 0`)));
      const rows = `select ${columns(fields)} from ${from(relation)}${within(relation, piece)}`;
      const copy = client.query(copyTo(`copy (${rows}) to stdout with (format csv, header)`));
      try {
        yield* copy;
      } catch (error) {
        throw broken(name, error);
      }
    },
    close: () => client.end(),
  };
}

/** A statement that cannot be several: the extended protocol takes one at a time. */
function alone(text: string, values: unknown[] = []): pg.QueryConfig {
  return { text, values, queryMode: 'extended' } as pg.QueryConfig;
}

function nameOf(url: string): string {
  if (!URL.canParse(url)) {
    throw problem('USAGE', 'The address of the database is none: write postgres://user@host:5432/database.');
  }
  const { host, pathname, search, hash } = new URL(url);
  // The host is what follows the last @: before it, a password would stand in what is shown.
  if (`${pathname === '' ? search : pathname}${hash}`.includes('@')) {
    throw problem(
      'USAGE',
      'The address of the database has an @ after its host: in a password, write / as %2F, ? as %3F and # as %23.',
    );
  }
  return `postgres://${host}${pathname}`;
}

/** An address whose sessions write instants as ISO 8601 in UTC, beside whatever options it has already. */
function inOurTerms(url: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${options} -c timezone=UTC -c datestyle=ISO`.trim());
  return address.href;
}

/** Whether a name is that of a table, view, materialized view, partitioned or foreign table. */
const HAS = `select exists (select from pg_class where oid = to_regclass($1) and relkind in ('r', 'v', 'm', 'p', 'f'))`;

const BOOLEAN = 16;

/** What to select: booleans as true and false, where COPY writes t and f. */
function columns(fields: readonly pg.FieldDef[]): string {
  if (fields.every(({ dataTypeID }) => dataTypeID !== BOOLEAN)) return '*';
  return fields
    .map(({ name, dataTypeID }) => {
      const column = pg.escapeIdentifier(name);
      return dataTypeID === BOOLEAN ? `${column}::text as ${column}` : column;
    })
    .join(', ');
}

function from({ table, query }: Relation): string {
  const select = query?.replace(/[;\s]+$/, '') ?? `select * from ${quoted(table ?? '')}`;
  // The line feed ends a comment that the select may end with.
  return `(${select}\n) as source`;
}

/** The condition under which a watermark can be read up to: nothing ever comes after infinity, or NaN. */
function hasEnd(mark: string): string {
  return `${mark}::text not in ('infinity', '-infinity', 'Infinity', '-Infinity', 'NaN')`;
}

function within({ watermark }: Relation, piece: Piece): string {
  if (watermark === undefined) return '';
  const mark = quoted(watermark);
  const bounds = [
    hasEnd(mark),
    ...(piece.after === null ? [] : [`${mark} ${piece.again ? '>=' : '>'} ${literal(piece.after)}`]),
    ...(piece.upTo === null ? [] : [`${mark} <= ${literal(piece.upTo)}`]),
  ];
  return ` where ${bounds.join(' and ')} order by ${mark}`;
}

/** A name with its schema as identifiers. */
function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.');
}

async function told<Result>(name: string, work: Promise<Result>): Promise<Result> {
  return work.catch((error) => {
    throw broken(name, error);
  });
}

function broken(name: string, error: unknown): Error {
  return problem('DATA_REFUSED', `${name} cannot be read further: ${(error as Error).message}.`);
}
