import {
  type Database,
  keepPosition,
  type Piece,
  positionOf,
  problem,
  type Relation,
  type Relations,
} from '../../store/index.ts';
import { type InputSource, inOrder } from './files.ts';
import type { Mapping, TableMapping } from './mapping.ts';
import { openBytes } from './raw-table.ts';

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

/** The parts of a relation that have not been read yet: one, or several in the order of its watermark. */
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
  const name = relationName(table);
  const read = await positionOf(database, source, table.to.name, name);
  const isHistory = !read?.caughtUp;
  let after = read?.position ?? null;
  let upTo = await relations.nextEnd(table, after, rows);
  while (upTo !== null) {
    const position = upTo;
    const next = await relations.nextEnd(table, position, rows);
    const piece = { after, upTo };
    yield {
      source: sourceOf(relation, piece),
      piece,
      isHistory,
      keep: (transaction) => keepPosition(transaction, source, table.to.name, name, position, next === null),
    };
    after = position;
    upTo = next;
  }
}

/** What a position is kept under: another select is another relation. */
function relationName({ table, query, watermark }: Relation): string {
  return `${table ?? query} by ${watermark}`;
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
    open: (wanted) => openBytes({ bytes: counted(), at: () => read }, { delimiter: ',', wanted }),
  };
}
