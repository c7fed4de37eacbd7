/** A value of a row in COPY's text format; `null` is NULL. */
export type CopyValue = string | number | boolean | Date | null;

const SPECIAL = /[\\\n\r\t]/;
const EACH_SPECIAL = new RegExp(SPECIAL, 'g');
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One row in COPY's text format, its line feed included.
 * Source: PostgreSQL documentation, COPY, "Text Format".
 */
export function copyLine(values: readonly CopyValue[]): string {
  let line = copyField(values[0]);
  for (let i = 1; i < values.length; i++) line += `\t${copyField(values[i])}`;
  return `${line}\n`;
}

function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return SPECIAL.test(value) ? escaped(value) : value;
  return value instanceof Date ? value.toISOString() : String(value);
}

function escaped(text: string): string {
  return text.replace(EACH_SPECIAL, (character) => ESCAPES[character]);
}
