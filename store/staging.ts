import { type CopyValue, copyLine } from './copy-text.ts';
import { type CopySink, copyRows, type Database } from './database.ts';
import { type InputName, type InputTable, inputTables } from './inputs.ts';

/** A row that has been read and understood. */
export interface StagedRow {
  line: number;
  /** Empty where the input is not about single partners. */
  partnerId: string;
  /** Names the row within its partner; null to name it by its content and how often that occurred in the file. */
  id: string | null;
  /** ISO 8601: when it became known by its own word, or else when it would have, had the load come in time. */
  knownAt: string;
  /** Whether the input itself said when the row became known. */
  explicit: boolean;
  /** A UUID-shaped digest of `values`. */
  content: string;
  /** In the order of the input's columns. */
  values: readonly CopyValue[];
  /** The row as it stood in the file, kept for quarantine; only needed with `explicit`. */
  raw: string | null;
}

/** Why a row was refused. */
export interface Refusal {
  line: number;
  /** The column as the file names it; null when the row as a whole is at fault. */
  column: string | null;
  reason: string;
  raw: string;
  /** Whether `raw` is the row as it was: one that is too long is cut, what cannot be stored is replaced. */
  whole: boolean;
}

/** Makes an empty place for one file's rows inside a transaction; the file before has been merged or given up. */
export async function beginStaging(transaction: Database, input: InputName): Promise<void> {
  const { columns } = inputTables[input];
  await transaction.query(
    `drop table if exists ${['staged', 'refused', 'held', 'contested', 'said', 'decided'].map((name) => `pg_temp.${name}`).join(', ')}`,
  );
  await transaction.query(
    'create temp table refused (line bigint not null, "column" text, reason text not null, raw text not null, whole boolean not null) on commit drop',
  );
  await transaction.query(`create temp table staged (
    line bigint not null, partner_id text collate "C" not null, id text collate "C" not null, named boolean not null, known_at timestamptz not null,
    explicit boolean not null, content uuid not null, raw text,
    ${columns.map(([name, type]) => `${stagedName(name)} ${type}`).join(', ')}) on commit drop`);
}

/** The name of an input's own column while it is staged, where it may not be mistaken for one of ours. */
export function stagedName(name: string): string {
  return `own_${name}`;
}

/** The columns of a staged row that are the input's own. */
export function ownColumns({ columns }: InputTable): string[] {
  return columns.map(([name]) => stagedName(name));
}

/** A row as text for `stageInto`. */
export function stagedLine(row: StagedRow): string {
  // A row without a name is named by what it says; whether others say the same is found out when all are there.
  return copyLine([
    row.line,
    row.partnerId,
    row.id ?? row.content,
    row.id !== null,
    row.knownAt,
    row.explicit,
    row.content,
    row.raw,
    ...row.values,
  ]);
}

/** Opens the staging place for rows, each made by `stagedLine`. */
export function stageInto(transaction: Database, input: InputName): CopySink {
  const own = ownColumns(inputTables[input]);
  return transaction.copyIn('staged', [
    'line',
    'partner_id',
    'id',
    'named',
    'known_at',
    'explicit',
    'content',
    'raw',
    ...own,
  ]);
}

/** Adds rows that were refused. */
export async function stageRefused(transaction: Database, rows: readonly Refusal[]): Promise<void> {
  const lines = rows.map(({ line, column, reason, raw, whole }) => copyLine([line, column, reason, raw, whole]));
  await copyRows(transaction, 'refused', ['line', '"column"', 'reason', 'raw', 'whole'], lines);
}
