import type { ColumnNames } from '../../features/index.ts';
import { nearest } from './nearest.ts';
import type { RawRow } from './raw-rows.ts';

/** A record of a source that has names and types of its own. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** The columns under which records are laid out. */
export interface RecordHeader {
  /** Those that are wanted, then the others that the records have; nested fields are named by dotted paths. */
  header: string[];
  absent: LateColumns;
}

/** Columns that stand in a header though no record has had them so far: later ones may. */
export class LateColumns {
  /** Those of them that are looked for; they are struck from it when they come. */
  readonly missing: string[] = [];
  readonly #header: readonly string[];
  readonly #absent: Set<string>;
  readonly #required = new Set<string>();
  /** Whether records had anything that is wanted. */
  #anyCame: boolean;

  constructor(header: readonly string[], absent: readonly string[], anyCame: boolean) {
    this.#header = header;
    this.#absent = new Set(absent);
    this.#anyCame = anyCame;
  }

  has(name: string): boolean {
    return this.#absent.has(name);
  }

  require(name: string): void {
    if (this.has(name)) this.#required.add(name);
  }

  /** Looks which have come with some rows. */
  look(rows: readonly RawRow[]): void {
    for (const name of this.#absent) {
      const at = this.#header.indexOf(name);
      if (rows.some(({ fields }) => fields !== null && fields[at] !== '')) this.#come(name);
    }
  }

  #come(name: string): void {
    this.#absent.delete(name);
    this.#anyCame = true;
    const at = this.missing.indexOf(name);
    if (at >= 0) this.missing.splice(at, 1);
  }

  /**
   * No more rows will come. A required column that never came costs the rows that are meant, one by one: a file may
   * well hold none of them. The file is of another make when one of its columns seems to be meant, or none is wanted.
   * @throws RangeError when it is
   */
  end(): void {
    const present = this.#header.filter((name) => !this.has(name));
    for (const name of this.#required) {
      const isAnother = !this.#anyCame || nearest(name, present) !== '';
      if (this.has(name) && isAnother) throw noColumn(name, present);
    }
  }
}

/** That a column is missing. */
export function noColumn(name: string, present: readonly string[]): RangeError {
  return new RangeError(`there is no column "${name}"${nearest(name, present)}; there are ${present.join(', ')}`);
}

/** How a name is spelled among those that are there: exactly so, or else without regard to case if only one is. */
export function spelled(name: string, present: readonly string[]): string | undefined {
  if (present.includes(name)) return name;
  const alike = present.filter((each) => each.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

/**
 * Finds the columns of some records, of which later ones may have more.
 * @param mayCome whether a column that is wanted can come with later records
 */
export function headerOf(
  records: readonly SourceRecord[],
  wanted: readonly string[],
  mayCome: (name: string) => boolean = () => true,
): RecordHeader {
  const found: FoundNames = { leaves: new Set(), inner: new Set() };
  for (const record of records) addNames(record, '', found);
  const present = [...found.leaves, ...found.inner];
  const came = new Set(wanted.flatMap((name) => spelled(name, present) ?? []));
  const absent = wanted.filter((name) => spelled(name, present) === undefined && mayCome(name));
  const others = [...found.leaves].filter((name) => ![...came].some((whole) => isWithin(name, whole)));
  const header = [...came, ...absent, ...others];
  return { header, absent: new LateColumns(header, absent, came.size > 0) };
}

/** Finds the columns of records of which a schema is known: only what has no fixed names, such as a map, may have more. */
export function headerUnder(
  schema: ColumnNames,
  records: readonly SourceRecord[],
  wanted: readonly string[],
): RecordHeader {
  const named: FoundNames = { leaves: new Set(), inner: new Set() };
  const empty = emptyRecord(schema);
  addNames(empty, '', named);
  return headerOf([empty, ...records], wanted, (name) => [...named.leaves].some((leaf) => isWithin(name, leaf)));
}

/** A record that has all names of a schema, and nothing under them. */
function emptyRecord(schema: ColumnNames): SourceRecord {
  const names = schema.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`it has the column "${twice}" twice`);
  return Object.fromEntries(schema.map(({ name, nested }) => [name, nested.length > 0 ? emptyRecord(nested) : null]));
}

function isWithin(name: string, whole: string): boolean {
  return name === whole || name.startsWith(`${whole}.`);
}

/** The names of what records hold, and of the records that are nested in them. */
interface FoundNames {
  leaves: Set<string>;
  inner: Set<string>;
}

function addNames(record: SourceRecord, path: string, into: FoundNames): void {
  for (const [key, value] of Object.entries(record)) {
    if (isRecord(value)) {
      into.inner.add(path + key);
      addNames(value, `${path}${key}.`, into);
    } else into.leaves.add(path + key);
  }
}

/** Lays records out: one text per column, empty for what a record does not have. */
export function layOut(header: readonly string[]): (record: SourceRecord) => string[] {
  return (record) => header.map((name) => textOf(follow(record, name)));
}

/** What a record has under a dotted path; keys may have dots themselves. */
function follow(value: unknown, path: string): unknown {
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    const found = Object.hasOwn(value, key) ? follow(value[key], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
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
  if (Array.isArray(value) && value.every(isPlain)) return value.map(textOf).join(';');
  return writeRecord(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array;
}

/** A record as JSON, with what JSON has no words for as its text: read again, it is understood or refused as before. */
export function writeRecord(value: unknown): string {
  return JSON.stringify(value, function (this: SourceRecord, key, written) {
    // Of dates and the like, `written` is already what they make of themselves.
    const each = this[key];
    return isPlain(each) && isForeign(each) ? textOf(each) : written;
  });
}

/** Whether JSON has no words for a plain value. */
function isForeign(value: unknown): boolean {
  return (
    typeof value === 'object' || typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
  );
}
