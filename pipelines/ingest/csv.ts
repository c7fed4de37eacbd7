import { parse } from 'csv-parse/sync';
import { readLines } from './lines.ts';
import type { RawRow } from './raw-rows.ts';

/** A quoted field may hold line feeds; a quote not closed within this much text is taken for a stray one. */
const LONGEST_ROW = { lines: 1000, characters: 20_000_000 };
const UNMATCHED = 'the quotes of this row do not match';
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The rows of a CSV file (RFC 4180) in batches, the header among them, blank lines left out. A row whose quoting is
 * broken costs that line alone: reading goes on with the next.
 * @param bytes text, with or without a byte order mark
 * @param dialect its delimiter is found in the first line when undefined, and then noted there
 * @param encoding a label of the WHATWG Encoding Standard
 * @param longestRow lines that a row may have
 * @throws RangeError when the bytes are not of that encoding, a line never ends, or lines end with CR alone
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  dialect: { delimiter?: string | undefined } = {},
  encoding = 'utf-8',
  longestRow = LONGEST_ROW.lines,
): AsyncGenerator<RawRow[]> {
  const assembler = new RowAssembler(dialect, longestRow);
  for await (const batch of readLines(bytes, encoding, LONGEST_ROW.characters)) {
    const rows = assembler.add(batch);
    if (rows.length > 0) yield rows;
  }
  const rows = assembler.end();
  if (rows.length > 0) yield rows;
}

/** The fields of one row; null when its quotes do not match. */
export function splitCsv(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    // Without it, a CR that ends no line would be found to be what ends rows.
    const rows: string[][] = parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true });
    return rows.length === 1 ? rows[0] : null;
  } catch {
    return null;
  }
}

/** What Excel writes before the header to name the delimiter. */
const DECLARATION = /^sep=(.)$/i;

/** The delimiter of a header line: of the usual ones, the one that occurs most outside of quotes. */
function findDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** Puts lines together to rows. */
class RowAssembler {
  /** Its delimiter is undefined until the first line that is not blank. */
  readonly #dialect: { delimiter?: string | undefined };
  readonly #longestRow: number;
  #line = 1;
  #width = 0;
  /** Lines of a row whose quote is still open. */
  #open: string[] = [];
  #openCharacters = 0;

  constructor(dialect: { delimiter?: string | undefined }, longestRow: number) {
    this.#dialect = dialect;
    this.#longestRow = longestRow;
  }

  add(lines: readonly string[]): RawRow[] {
    const rows: RawRow[] = [];
    for (const line of lines) {
      if (this.#width === 0 && DECLARATION.test(line)) this.#declare(line);
      else this.#addLine(line, rows);
    }
    return rows;
  }

  #declare(line: string): void {
    this.#dialect.delimiter ??= DECLARATION.exec(line)?.[1];
    this.#line++;
  }

  /** The rows that are left when the text has ended. */
  end(): RawRow[] {
    const rows: RawRow[] = [];
    while (this.#open.length > 0) this.#giveUpFirst(rows);
    return rows;
  }

  #addLine(line: string, rows: RawRow[]): void {
    if (this.#width === 0 && line.trim().includes('\r'))
      throw new RangeError('its lines end with CR alone: save it with LF or CRLF');
    if (this.#open.length === 0) {
      if (isBalanced(line)) this.#emit(line, 1, rows);
      else this.#hold(line);
      return;
    }
    this.#hold(line);
    if (!isBalanced(line)) this.#close(rows);
    else if (this.#open.length > this.#longestRow || this.#openCharacters > LONGEST_ROW.characters)
      this.#giveUpFirst(rows);
  }

  #hold(line: string): void {
    this.#open.push(line);
    this.#openCharacters += line.length;
  }

  /** The quote is closed: either this is a row, or the first quote was a stray one. */
  #close(rows: RawRow[]): void {
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
  #giveUpFirst(rows: RawRow[]): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    this.#openCharacters = 0;
    rows.push({ line: this.#line++, fields: null, fault: UNMATCHED, raw: first });
    for (const line of others) this.#addLine(line, rows);
  }

  #emit(text: string, lines: number, rows: RawRow[]): void {
    if (text.trim() !== '') {
      const fields = this.#split(text);
      if (this.#width === 0 && fields !== null) this.#width = fields.length;
      rows.push(
        fields === null
          ? { line: this.#line, fields, fault: UNMATCHED, raw: text }
          : { line: this.#line, fields, raw: text },
      );
    }
    this.#line += lines;
  }

  #split(text: string): string[] | null {
    this.#dialect.delimiter ??= findDelimiter(text);
    return splitCsv(text, this.#dialect.delimiter);
  }
}

function isBalanced(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 0;
}
