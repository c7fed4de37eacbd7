import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse/sync';

/** One row of a CSV file, or a line that is none. */
export interface CsvRow {
  /** Where it begins, counted from 1. */
  line: number;
  /** Null where the text is no CSV. */
  fields: string[] | null;
  raw: string;
}

/** A quoted field may hold line feeds; a quote not closed within this much text is taken for a stray one. */
const LONGEST_ROW = { lines: 1000, characters: 20_000_000 };
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The rows of a CSV file (RFC 4180) in batches, blank lines left out. A row whose quoting is broken costs that line
 * alone: reading goes on with the next.
 * @param bytes UTF-8, with or without a byte order mark
 * @param delimiter found in the first line when undefined
 * @throws RangeError when the bytes are not UTF-8
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>, delimiter?: string): AsyncGenerator<CsvRow[]> {
  let assembler: RowAssembler | undefined;
  for await (const batch of readLines(bytes)) {
    assembler ??= new RowAssembler(delimiter);
    const rows = assembler.add(batch);
    if (rows.length > 0) yield rows;
  }
  const rows = assembler?.end() ?? [];
  if (rows.length > 0) yield rows;
}

/** What Excel writes before the header to name the delimiter. */
const DECLARATION = /^sep=(.)$/i;

/** The delimiter of a header line: of the usual ones, the one that occurs most. */
function findDelimiter(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** The lines of a text in batches, without their line feeds. */
async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // A line may come in many pieces: they are put together once, when it ends.
  let rest: string[] = [];
  let length = 0;
  let offset = 0;
  for await (const piece of bytes) {
    const lines = decode(decoder, piece, offset).split('\n');
    offset += piece.length;
    const begun = lines.pop() as string;
    if (lines.length > 0) {
      lines[0] = rest.join('') + lines[0];
      yield lines.map(withoutReturn);
      rest = [];
      length = 0;
    }
    rest.push(begun);
    length += begun.length;
    if (length > LONGEST_ROW.characters) {
      throw new RangeError(
        `a line before byte ${offset} is longer than ${LONGEST_ROW.characters} characters: this is no CSV`,
      );
    }
  }
  const last = rest.join('') + decode(decoder, undefined, offset);
  if (last !== '') yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function decode(decoder: TextDecoder, piece: Uint8Array | undefined, offset: number): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch {
    const utf16 =
      offset === 0 && piece && ((piece[0] === 0xff && piece[1] === 0xfe) || (piece[0] === 0xfe && piece[1] === 0xff));
    const found = utf16 ? 'it looks like UTF-16' : `there is an invalid byte after byte ${offset}`;
    throw new RangeError(`the file is not UTF-8: ${found}. Save it again as UTF-8 (in Excel: "CSV UTF-8")`);
  }
}

/** Puts lines together to rows. */
class RowAssembler {
  /** Undefined until the first line that is not blank. */
  #delimiter: string | undefined;
  #line = 1;
  #width = 0;
  /** Lines of a row whose quote is still open. */
  #open: string[] = [];
  #openCharacters = 0;

  constructor(delimiter: string | undefined) {
    this.#delimiter = delimiter;
  }

  add(lines: readonly string[]): CsvRow[] {
    const rows: CsvRow[] = [];
    for (const line of lines) {
      if (this.#width === 0 && DECLARATION.test(line)) this.#declare(line);
      else this.#addLine(line, rows);
    }
    return rows;
  }

  #declare(line: string): void {
    this.#delimiter ??= DECLARATION.exec(line)?.[1];
    this.#line++;
  }

  /** The rows that are left when the text has ended. */
  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    while (this.#open.length > 0) this.#giveUpFirst(rows);
    return rows;
  }

  #addLine(line: string, rows: CsvRow[]): void {
    if (this.#open.length === 0) {
      if (isBalanced(line)) this.#emit(line, 1, rows);
      else this.#hold(line);
      return;
    }
    this.#hold(line);
    if (!isBalanced(line)) this.#close(rows);
    else if (this.#open.length > LONGEST_ROW.lines || this.#openCharacters > LONGEST_ROW.characters)
      this.#giveUpFirst(rows);
  }

  #hold(line: string): void {
    this.#open.push(line);
    this.#openCharacters += line.length;
  }

  /** The quote is closed: either this is a row, or the first quote was a stray one. */
  #close(rows: CsvRow[]): void {
    const text = this.#open.join('\n');
    const fields = this.#split(text);
    if (fields === null || (this.#width > 0 && fields.length !== this.#width)) {
      this.#giveUpFirst(rows);
      return;
    }
    const lines = this.#open.length;
    this.#open = [];
    this.#openCharacters = 0;
    this.#emit(text, lines, rows);
  }

  /** The first line held is no row; the others are read anew. */
  #giveUpFirst(rows: CsvRow[]): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    this.#openCharacters = 0;
    rows.push({ line: this.#line++, fields: null, raw: first });
    for (const line of others) this.#addLine(line, rows);
  }

  #emit(text: string, lines: number, rows: CsvRow[]): void {
    if (text.trim() !== '') {
      const fields = this.#split(text);
      if (this.#width === 0 && fields !== null) this.#width = fields.length;
      rows.push({ line: this.#line, fields, raw: text });
    }
    this.#line += lines;
  }

  #split(text: string): string[] | null {
    this.#delimiter ??= findDelimiter(text);
    if (!text.includes('"')) return text.split(this.#delimiter);
    try {
      return parse(text, { delimiter: this.#delimiter, relax_column_count: true })[0] ?? null;
    } catch {
      return null;
    }
  }
}

function isBalanced(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 0;
}
