/** A record of a source that has names and types of its own. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** The columns under which records are laid out. */
export interface RecordHeader {
  /** Those that are wanted, then the others that the records have; nested fields are named by dotted paths. */
  header: string[];
  /** Those that are wanted and none of the records has. */
  absent: string[];
}

/** Finds the columns of some records. */
export function headerOf(records: readonly SourceRecord[], wanted: readonly string[]): RecordHeader {
  const found = new Set(records.flatMap((record) => leavesOf(record, '')));
  const has = (whole: string) => found.has(whole) || [...found].some((name) => name.startsWith(`${whole}.`));
  const others = [...found].filter((name) => !wanted.some((whole) => name === whole || name.startsWith(`${whole}.`)));
  return { header: [...wanted, ...others], absent: wanted.filter((name) => !has(name)) };
}

/** The names of what a record holds that is no record itself. */
function leavesOf(record: SourceRecord, path: string): string[] {
  return Object.entries(record).flatMap(([key, value]) =>
    isRecord(value) ? leavesOf(value, `${path}${key}.`) : [path + key],
  );
}

/** Lays records out: one text per column, empty for what a record does not have. */
export function layOut(header: readonly string[]): (record: SourceRecord) => string[] {
  const paths = header.map((name) => ({ name, steps: name.split('.') }));
  return (record) =>
    paths.map(({ name, steps }) => textOf(Object.hasOwn(record, name) ? record[name] : follow(record, steps)));
}

function follow(record: SourceRecord, steps: readonly string[]): unknown {
  let value: unknown = record;
  for (const step of steps) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function isRecord(value: unknown): value is SourceRecord {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value as text: lists of plain values with `;` between, whatever is nested as JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(';');
  return writeRecord(value);
}

/** A record as JSON, with what JSON has no words for: whole numbers of any size as text. */
export function writeRecord(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each));
}
