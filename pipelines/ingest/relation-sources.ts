import { hash } from 'node:crypto';
import {
  type Database,
  keepPosition,
  type Piece,
  type Position,
  positionOf,
  problem,
  type Relation,
  type Relations,
  wasRead,
} from '../../store/index.ts';
import { readCsv } from './csv.ts';
import { type InputSource, inOrder } from './files.ts';
import { type Mapping, type TableMapping, writeTable } from './mapping.ts';
import type { RawBatch } from './raw-rows.ts';

/** Rows of a relation that are loaded together, about. */
const PIECE_ROWS = 500_000;

/** A table, view or select of another database, and what its rows are read as. */
export interface RelationSource {
  path: string;
  name: string;
  table: TableMapping;
  relations: Relations;
  /** What is worth knowing after it has been read. */
  remarks(): Promise<string[]>;
}

/** A part of a relation that is loaded as one. */
export interface RelationPiece {
  source: InputSource;
  piece: Piece;
  /** Whether it belongs to the first reading, which had not come to its end: all of that is history. */
  isHistory: boolean;
  /** Keeps, in the transaction that stores the piece, that it has been read. */
  keep(transaction: Database): Promise<void>;
}

/** Whether a path is the address of a database. */
export function isAddress(path: string): boolean {
  return /^postgres(ql)?:\/\//.test(path);
}

/**
 * Finds what to read of a database: the tables and selects that the mapping names; without any, the tables that are
 * called as our inputs are.
 * @throws a problem `USAGE` when a table is not there, or there is nothing to read
 */
export async function findRelations(relations: Relations, mapping: Mapping): Promise<RelationSource[]> {
  const named = mapping.tables.filter(({ table, query }) => table !== undefined || query !== undefined);
  const found: TableMapping[] = [];
  for (const each of named) {
    if (each.table !== undefined && !(await relations.has(each.table))) {
      throw problem('USAGE', `${relations.name} has no table or view "${each.table}" that can be read.`);
    }
    found.push(each);
  }
  if (named.length === 0) {
    for (const each of mapping.tables) {
      if (await relations.has(each.to.name)) found.push({ ...each, table: each.to.name });
    }
  }
  if (found.length === 0) {
    throw problem(
      'USAGE',
      `There is nothing to read in ${relations.name}: none of its tables is called ${mapping.tables.map(({ to }) => to.name).join(', ')}. ` +
        'Say in a mapping which to read: "table": "schema.name", or "query": "select …".',
    );
  }
  return inOrder(found.map((table) => describe(relations, table)));
}

function describe(relations: Relations, table: TableMapping): RelationSource {
  const name = table.table ?? `query for ${table.to.name}`;
  const path = `${relations.name} ${name}`;
  const remarks = async () => {
    if (table.watermark === undefined) return [];
    const rows = await relations.withoutWatermark(table);
    return rows === 0 ? [] : [`${path}: ${rows} rows have no ${table.watermark}, and are not read.`];
  };
  return { path, name, table, relations, remarks };
}

/**
 * The parts of a relation that have not been read yet: one, or several in the order of its watermark. They begin after
 * the position the last load came to; with the rows at it when those have changed since, for a watermark of days or
 * seconds may be borne by rows that come later.
 */
export async function* readPieces(
  database: Database,
  relation: RelationSource,
  source: string,
  rows = PIECE_ROWS,
): AsyncGenerator<RelationPiece> {
  const { table, relations } = relation;
  if (table.watermark === undefined) {
    const piece = { after: null, upTo: null };
    yield { source: sourceOf(relation, piece), piece, isHistory: false, keep: async () => {} };
    return;
  }
  const relationName = nameOf(relations.name, table);
  const name = `${relationName} as ${digest(JSON.stringify(writeTable(table)))}`;
  const input = table.to.name;
  const read = await positionOf(database, source, input, name);
  // By a mapping that has changed all is read again, but what it says newly was not known before.
  const isHistory = read ? !read.caughtUp : !(await wasRead(database, source, input, `${relationName} as `));
  let after = read?.position ?? null;
  let again = read !== undefined && (await hasChanged(relation, read));
  let upTo = (await relations.nextEnd(table, after, rows)) ?? (again ? after : null);
  while (upTo !== null) {
    const position = upTo;
    const next = await relations.nextEnd(table, position, rows);
    const piece = { after, again, upTo };
    yield {
      source: sourceOf(relation, piece),
      piece,
      isHistory,
      async keep(transaction) {
        const rowsThere = next === null ? await relations.rowsAt(table, position) : null;
        await keepPosition(transaction, source, input, name, { position, rowsThere, caughtUp: next === null });
      },
    };
    after = position;
    again = false;
    upTo = next;
  }
}

/** Whether there are rows at a position that are not those that were read. */
async function hasChanged({ relations, table }: RelationSource, { position, rowsThere }: Position): Promise<boolean> {
  const now = await relations.rowsAt(table, position);
  return now !== null && now !== rowsThere;
}

/** What positions of a relation are kept under: another database, another select or another watermark is another. */
function nameOf(database: string, { table, query, watermark }: Relation): string {
  return `${database} ${table ?? `query ${digest(query ?? '')}`} by ${watermark}`;
}

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

function sourceOf({ path, name, table, relations }: RelationSource, piece: Piece): InputSource {
  let read = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const bytes of relations.rows(table, piece)) {
      read += bytes.length;
      yield bytes;
    }
  }
  return {
    path,
    name,
    bytes: 0,
    table: { ...table, delimiter: ',', encoding: undefined },
    countsBroken: true,
    open: async () => ({ dialect: { format: 'csv', delimiter: ',' }, batches: batchesOf(counted(), () => read) }),
  };
}

/** What a database writes is CSV without stray quotes: its fields may have any number of lines. */
async function* batchesOf(bytes: AsyncIterable<Uint8Array>, at: () => number): AsyncGenerator<RawBatch> {
  let header: readonly string[] | undefined;
  for await (const batch of readCsv(bytes, { delimiter: ',' }, 'utf-8', Number.POSITIVE_INFINITY)) {
    const rows = header ? batch : batch.slice(1);
    header ??= (batch[0].fields ?? []).map((name) => name.trim());
    yield { header, rows, bytes: at() };
  }
}
