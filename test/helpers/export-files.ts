import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../features/index.ts';

/** Rows of some inputs, and how they are spread over the files of some loads. */
export interface Exports {
  /** In the order in which they are read: load by load, file by file, line by line. */
  lines: readonly Line[];
  dialect: Dialect;
}

/** A line of an export, and where it ends up. */
export interface Line extends Position {
  input: keyof typeof COLUMNS;
  /** What it is about, such as one event: its input and id, within a partner. */
  thing: string;
  fields: Fields;
  /** Null for a row that is to be taken at its word. */
  fault: Fault | null;
}

/** A row's text by column; '' is unknown. */
export type Fields = Readonly<Record<string, string>>;

export interface Position {
  load: number;
  file: number;
  /** Lines of a file stand in this order. */
  at: number;
  /** Whether a blank line, which is no row, comes before it. */
  afterBlank: boolean;
}

/** What is wrong with a line: the text of one column, or all of it. */
export type Fault =
  | { column: string; text: string }
  | 'a field less'
  | 'a field more'
  | 'a quote never closed'
  | 'a quote never opened';

/** How files are written. */
export interface Dialect {
  delimiter: string;
  lineFeed: string;
  /** A byte order mark, or nothing. */
  mark: string;
}

/** A file as it was written. */
export interface WrittenFile {
  path: string;
  lines: readonly Line[];
  /** The number of each line in the file, counted from 1. */
  numbers: readonly number[];
}

const COLUMNS = {
  partners: ['partner_id', 'name', 'type', 'signed_on', 'known_at'],
  agreements: ['agreement_id', 'partner_id', 'starts_on', 'renews_on', 'ended_on', 'end_reason', 'known_at'],
  events: ['event_id', 'partner_id', 'kind', 'happened_at', 'known_at', 'contact_id', 'product', 'value', 'currency'],
};

/** When a row says that it became known. */
export function knownAt({ fields }: Line): Instant {
  return Date.parse(fields['known_at']);
}

/** Writes the files of each load into a directory of its own; loads without a line are left out. */
export function writeExports({ lines, dialect }: Exports, directory: string): WrittenFile[][] {
  const loads = [...new Set(lines.map(({ load }) => load))].sort();
  return loads.map((load) => {
    const within = join(directory, `load-${load}`);
    mkdirSync(within);
    return Object.keys(COLUMNS).flatMap((input) =>
      [0, 1].flatMap((file) => {
        const own = lines.filter((line) => line.load === load && line.input === input && line.file === file);
        return own.length === 0 ? [] : [writeFile(join(within, `${input}-${file}.csv`), own, dialect)];
      }),
    );
  });
}

function writeFile(path: string, lines: readonly Line[], dialect: Dialect): WrittenFile {
  const numbers: number[] = [];
  let text = dialect.mark + columnsOf(lines[0]).join(dialect.delimiter) + dialect.lineFeed;
  for (const line of lines) {
    if (line.afterBlank) text += dialect.lineFeed;
    numbers.push(text.split('\n').length);
    text += lineText(line, dialect) + dialect.lineFeed;
  }
  writeFileSync(path, text);
  return { path, lines, numbers };
}

/** The columns of its input that a line has. */
function columnsOf({ input, fields }: Line): string[] {
  return COLUMNS[input].filter((column) => column in fields);
}

/** A line as it stands in its file. */
export function lineText(line: Line, { delimiter }: Dialect): string {
  const { fields, fault } = line;
  const columns = columnsOf(line);
  if (typeof fault === 'string')
    return brokenLine(
      columns.map((column) => fields[column]),
      fault,
      delimiter,
    );
  const said = fault === null ? fields : { ...fields, [fault.column]: fault.text };
  return columns.map((column) => quoted(said[column], delimiter)).join(delimiter);
}

/** Its texts hold neither quotes nor line feeds: with these, nobody could tell where the broken line ends. */
function brokenLine(texts: readonly string[], fault: Fault & string, delimiter: string): string {
  const plain = texts.map((text) => text.replace(/[^\w.:-]/g, ''));
  if (fault === 'a field less') plain.pop();
  if (fault === 'a field more') plain.push('more');
  if (fault === 'a quote never closed') plain[1] = '"open';
  if (fault === 'a quote never opened') plain[plain.length - 1] = 'close"';
  return plain.join(delimiter);
}

function quoted(text: string, delimiter: string): string {
  return text.includes('"') || text.includes('\n') || text.includes(delimiter)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
