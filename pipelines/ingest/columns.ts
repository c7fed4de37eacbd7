import { type Conditions, columnsOf, holds } from './conditions.ts';
import { detectDateFormat } from './date-formats.ts';
import { count, isFault, type Parse, id as parseId, number as parseNumber, plainNumber, positive } from './fields.ts';
import type { ColumnType } from './inputs.ts';
import { ISO, instantFormatted } from './instants.ts';
import type { TableMapping } from './mapping.ts';
import { type LateColumns, noColumn, spelled } from './records.ts';

/** One column of ours: how to get its text from a row, and what it must be. */
export interface Column {
  name: string;
  type: ColumnType;
  required: boolean;
  /** The source's columns it is made of; none for a constant, or for what the source does not have. */
  theirs: readonly string[];
  text(fields: readonly string[]): string;
  /** Whether that is nothing for every row. */
  isEmpty: boolean;
  parse: Parse<string | number>;
}

const EMPTY = () => '';
/** A column that no file has. */
const NONE = '';
/** How many dates are looked at to find out how they are written. */
const SAMPLE = 1000;

/** The row's partner, its id, `known_at` and then the input's own columns, in the store's order. */
export const PARTNER = 0;
export const ID = 1;
export const KNOWN = 2;
export const OWN = 3;

/** Finds the place of a column of theirs. */
export class Header {
  readonly names: readonly string[];
  /** Columns that were looked for, may be missing and are; shorter when they come late. */
  readonly missing: string[];
  readonly #optional: ReadonlySet<string>;
  readonly #absent: LateColumns | undefined;

  /**
   * @param optional columns that may be missing
   * @param absent columns that stand in the header though no record so far has them
   * @throws RangeError when the header has a column twice
   */
  constructor(names: readonly string[], optional: readonly string[], absent?: LateColumns) {
    const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
    if (twice !== undefined) throw new RangeError(`the header has the column "${twice}" twice`);
    this.names = names;
    this.missing = absent?.missing ?? [];
    this.#optional = new Set(optional);
    this.#absent = absent;
  }

  /**
   * Where a column is, by its exact name or else without regard to case; −1 when it is missing and may be. One that may
   * come late counts as missing until then, and has its place already.
   * @throws RangeError when it is missing and must not be
   */
  find(name: string): number {
    const present = spelled(name, this.#present());
    if (present !== undefined) return this.names.indexOf(present);
    const mayCome = this.#absent?.has(name) === true;
    if (!mayCome && !this.#mayLack(name)) throw noColumn(name, this.#present());
    if (!this.#optional.has('*') && !this.missing.includes(name)) this.missing.push(name);
    return mayCome ? this.names.indexOf(name) : -1;
  }

  /** @throws RangeError when the column is missing, even where it may be; now, or later when it has not come */
  mustFind(name: string): number {
    const at = this.find(name);
    if (at < 0) throw noColumn(name, this.#present());
    this.#absent?.require(this.names[at]);
    return at;
  }

  #mayLack(name: string): boolean {
    return this.#optional.has('*') || this.#optional.has(name);
  }

  #present(): string[] {
    return this.names.filter((each) => !this.#absent?.has(each));
  }
}

/**
 * The columns of an input as a mapping finds them under a header.
 * @param isText whether numbers are as people write them, and not typed as in JSON
 * @throws RangeError when the header lacks a column that the mapping names or the input requires
 */
export function columnsUnder(header: Header, table: TableMapping, isText: boolean): Column[] {
  return wantedColumns(table).map(({ name, type, required }) => {
    const { theirs, text } = sourceOf(name, required, header, table);
    const fallback = table.defaults[name];
    return {
      name,
      type,
      required,
      theirs,
      text: fallback === undefined ? text : (fields) => text(fields) || fallback,
      isEmpty: text === EMPTY && fallback === undefined && !required,
      parse: parserOf(name, type, table, isText),
    };
  });
}

function wantedColumns({ to }: TableMapping): Pick<Column, 'name' | 'type' | 'required'>[] {
  const id = typeof to.naming === 'string' ? to.id : null;
  return [
    { name: to.ofPartner ? 'partner_id' : NONE, type: parseId, required: to.ofPartner },
    { name: id ?? NONE, type: parseId, required: to.naming === 'required' },
    { name: 'known_at', type: 'instant', required: false },
    ...to.columns.map(({ name, type, required = false }) => ({ name, type, required })),
  ];
}

/** The columns of theirs that a mapping names for a column of ours, and the conditions under which they count. */
function mappedTo(name: string, table: TableMapping): { from: string[]; when?: Conditions } {
  const mapped = Object.hasOwn(table.columns, name) ? table.columns[name] : [];
  if (typeof mapped === 'string' || Array.isArray(mapped)) return { from: [mapped].flat() };
  return { from: [mapped.from].flat(), when: mapped.when };
}

/** Every column of theirs that a mapping reads. */
export function theirColumns(table: TableMapping): string[] {
  const conditions = [table.where];
  const names = Object.keys(table.columns).flatMap((name) => {
    const { from, when } = mappedTo(name, table);
    if (when) conditions.push(when);
    return from;
  });
  return [...new Set([...names, ...conditions.flatMap(columnsOf), ...table.attributes])];
}

function sourceOf(
  name: string,
  required: boolean,
  header: Header,
  table: TableMapping,
): Pick<Column, 'theirs' | 'text'> {
  const constant = table.constants[name];
  if (constant !== undefined) return { theirs: [], text: () => constant };
  const { from, when } = mappedTo(name, table);
  // A column that rows must have to be meant can be missing: then none is meant.
  const isMissable =
    !required || table.defaults[name] !== undefined || from.every((each) => columnsOf(table.where).includes(each));
  const places = from.map((each) => (isMissable ? header.find(each) : header.mustFind(each))).filter((at) => at >= 0);
  if (places.length === 0) {
    if (!isMissable) throw new RangeError(`${table.to.name} need "${name}", and the mapping says nothing of it`);
    return { theirs: [], text: EMPTY };
  }
  const joined = translated(name, table, joinedText(places, table.joined_by));
  const theirs = places.map((at) => header.names[at]);
  if (when === undefined) return { theirs, text: joined };
  const counts = holds(when, (column) => header.find(column));
  return { theirs, text: (fields) => (counts(fields) ? joined(fields) : '') };
}

function joinedText(places: readonly number[], joinedBy: string): Column['text'] {
  if (places.length === 1) {
    const [at] = places;
    return (fields) => fields[at].trim();
  }
  return (fields) =>
    places
      .map((at) => fields[at].trim())
      .filter((text) => text !== '')
      .join(joinedBy);
}

function translated(name: string, table: TableMapping, text: Column['text']): Column['text'] {
  const words = table.values[name];
  const dotted = name === 'kind' && table.kind_style === 'dotted';
  if (words === undefined && !dotted) return text;
  return (fields) => {
    const theirs = text(fields);
    if (words && Object.hasOwn(words, theirs)) return words[theirs];
    if (theirs === '') return theirs;
    return words?.['*'] ?? (dotted ? dottedKind(theirs) : theirs);
  };
}

/** "Course Completed" is course.completed, as analytics tools name events: an object, and what was done with it. */
function dottedKind(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
  return words.join('.');
}

const NUMBERS: readonly ColumnType[] = [parseNumber, count, positive];

function parserOf(name: string, type: ColumnType, table: TableMapping, isText: boolean): Column['parse'] {
  if (typeof type === 'string') return dateParser(type, declaredFormat(name, table) ?? ISO);
  const { decimal } = table;
  if (decimal === undefined || !isText || !NUMBERS.includes(type)) return type;
  return (field) => type(plainNumber(field, decimal));
}

function dateParser(type: 'instant' | 'day' | 'month', format: string): Column['parse'] {
  const dates = instantFormatted(format);
  return type === 'month' ? (field) => dates(/^\d{4}-\d{2}$/.test(field) ? `${field}-01` : field) : dates;
}

function declaredFormat(name: string, { date_format }: TableMapping): string | undefined {
  return typeof date_format === 'object' ? date_format[name] : date_format;
}

/** Finds out how the dates of columns are written whose format is not declared, as soon as rows have some. */
export class DateFinder {
  #open: Column[];
  /** By our column, the format its dates are read in, where it is not ISO 8601. */
  readonly found: Record<string, string> = {};

  constructor(columns: readonly Column[], table: TableMapping) {
    const dated = columns.filter(({ type, theirs }) => typeof type === 'string' && theirs.length > 0);
    for (const { name } of dated) {
      const declared = declaredFormat(name, table);
      if (declared !== undefined && declared !== ISO) this.found[name] = declared;
    }
    this.#open = dated.filter(({ name }) => declaredFormat(name, table) === undefined);
  }

  /**
   * Looks at some rows.
   * @throws RangeError when dates can be read in two ways
   */
  look(rows: readonly (readonly string[])[]): void {
    if (this.#open.length > 0) this.#open = this.#open.filter((column) => !this.#settle(column, rows));
  }

  #settle(column: Column, rows: readonly (readonly string[])[]): boolean {
    const texts: string[] = [];
    for (const fields of rows) {
      const text = column.text(fields);
      if (text !== '') texts.push(text);
      if (texts.length === SAMPLE) break;
    }
    if (texts.length === 0) return false;
    const format = inColumn(column, () => detectDateFormat(texts));
    // Where nothing can be read, the dates are still to come.
    if (format === ISO && texts.every((text) => isFault(column.parse(text)))) return false;
    if (format !== ISO) {
      this.found[column.name] = format;
      column.parse = dateParser(column.type as 'instant' | 'day' | 'month', format);
    }
    return true;
  }
}

function inColumn<Result>({ theirs }: Column, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${theirs.join(' + ')}: ${error.message}`) : error;
  }
}
