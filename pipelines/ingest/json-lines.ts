import { readLines } from './lines.ts';
import type { RawRow } from './raw-rows.ts';
import { headerOf, layOut, type RecordHeader, type SourceRecord } from './records.ts';

const LONGEST_LINE = 20_000_000;

/** A line of JSON Lines: its record, or why it is none. */
interface Line {
  line: number;
  raw: string;
  record: SourceRecord | null;
}

/**
 * The records of a JSON Lines file, one object per line, in batches; blank lines are left out.
 * @param wanted columns to lay out whether records have them or not
 * @throws RangeError when the bytes are not of the encoding, the file is one JSON array or an object over several lines,
 *   or it lacks a column that is required
 */
export async function* readJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
  encoding = 'utf-8',
): AsyncGenerator<RecordHeader & { rows: RawRow[] }> {
  let columns: RecordHeader | undefined;
  let count = 0;
  for await (const batch of readLines(bytes, encoding, LONGEST_LINE)) {
    const lines = batch
      .map((raw, i) => ({ line: count + i + 1, raw, record: parseRecord(raw) }))
      .filter(({ raw }) => raw.trim() !== '');
    count += batch.length;
    if (lines.length === 0) continue;
    if (columns === undefined) checkForm(lines);
    columns ??= headerOf(
      lines.flatMap(({ record }) => (record === null ? [] : [record])),
      wanted,
    );
    const fieldsOf = layOut(columns.header);
    const rows = lines.map((line) => rowOf(line, fieldsOf));
    columns.absent.look(rows);
    yield { ...columns, rows };
  }
  columns?.absent.end();
}

const ARRAY =
  'it is one JSON array, where JSON Lines has one object per line. Write it so, for example with "jq -c .[]"';
const PRETTY =
  'its first object goes over several lines, where JSON Lines has one object per line. Write it so, for example with "jq -c ."';
/** The first line of an object that is written over several. */
const OPENED = /^\s*\{(.*[,{[:])?\s*$/;

/** @throws RangeError when the first lines are JSON, and not one object each */
function checkForm(lines: readonly Line[]): void {
  if (/^\s*\[/.test(lines[0].raw)) throw new RangeError(ARRAY);
  if (OPENED.test(lines[0].raw) && lines.every(({ record }) => record === null)) throw new RangeError(PRETTY);
}

function rowOf({ line, raw, record }: Line, fieldsOf: (record: SourceRecord) => string[]): RawRow {
  return record === null
    ? { line, fields: null, fault: 'this line is no JSON object', raw }
    : { line, fields: fieldsOf(record), raw };
}

/** The object that a text is; null when it is none. */
export function parseRecord(text: string): SourceRecord | null {
  try {
    const value: unknown = JSON.parse(LONG_DIGITS.test(text) ? withQuotedIntegers(text) : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SourceRecord) : null;
  } catch {
    return null;
  }
}

const LONG_DIGITS = /\d{16}/;
/** What begins and ends strings, and integers of so many digits that a double may not hold them. */
const QUOTE_OR_INTEGER = /\\.|"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;

/** JSON whose integers beyond what doubles can count are texts: ids would become one another. */
function withQuotedIntegers(json: string): string {
  let isInString = false;
  return json.replace(QUOTE_OR_INTEGER, (token) => {
    if (token === '"') isInString = !isInString;
    const isLeft = isInString || /^["\\]/.test(token) || Number.isSafeInteger(Number(token));
    return isLeft ? token : `"${token}"`;
  });
}
