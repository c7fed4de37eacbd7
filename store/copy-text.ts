/** A value of a row in COPY's text format; `null` is NULL. */
export type CopyValue = string | number | boolean | Date | null;

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One row in COPY's text format, its line feed included.
 * Source: PostgreSQL documentation, COPY, "Text Format".
 */
export function copyLine(values: readonly CopyValue[]): string {
  return `${values.map(copyField).join('\t')}\n`;
}

function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return value.replace(SPECIAL, (character) => ESCAPES[character]);
  return String(value);
}
