import { hash } from 'node:crypto';
import { DAY, formatDay, type Instant } from '../../features/index.ts';
import type { Refusal, StagedRow } from '../../store/index.ts';
import type { CsvRow } from './csv.ts';
import { instantFormatted, type Parse, type Parsed, id as parseId, storable } from './fields.ts';
import type { ColumnType } from './inputs.ts';
import { canonicalMapping, type TableMapping } from './mapping.ts';
import { nearest } from './nearest.ts';

/** When rows count as known unless they say so themselves. */
export interface Knowing {
  source: string;
  now: Instant;
  lagDays: number;
  /** The first load of a source, or one marked as backfill: its facts were known when they came true. */
  asHappened: boolean;
}

/** Turns the rows of one file into rows to stage. */
export interface RowReader {
  read(row: CsvRow): StagedRow | Refusal;
  /** Columns of the file that nothing reads. */
  ignored: readonly string[];
}

/** One column of ours: how to get its text from a row, and what it must be. */
interface Getter {
  column: string;
  /** The file's columns it is made of; none for a constant, or for what the file does not have. */
  theirs: readonly string[];
  text(fields: readonly string[]): string;
  type: ColumnType;
  required: boolean;
}

type Value = string | number | null;

const RAW_MOST = 1_000_000;

/**
 * Prepares to read the rows under a header.
 * @throws RangeError when the header has a column twice, or lacks one that the mapping names or the input requires
 */
export function rowReader(header: readonly string[], table: TableMapping, knowing: Knowing): RowReader {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`the header has the column "${twice}" twice`);
  const getters = wantedColumns(table).map((wanted) => ({
    ...wanted,
    ...source(wanted.column, wanted.required, names, table),
  }));
  const attributes = table.attributes.map((name) => ({ name, at: placeOf(name, names) }));
  const read = new Set([...getters.flatMap(({ theirs }) => theirs), ...table.attributes]);
  return {
    read: new Reading(names.length, getters, attributes, table, knowing).read,
    ignored: names.filter((name) => name !== '' && !read.has(name)),
  };
}

/** No column of any file. */
const NONE = '';

type Wanted = Pick<Getter, 'column' | 'type' | 'required'>;

/** The row's partner, its id, `known_at` and then the input's own columns, in the store's order. */
function wantedColumns({ to }: TableMapping): Wanted[] {
  const id = typeof to.naming === 'string' ? to.id : null;
  return [
    { column: to.ofPartner ? 'partner_id' : NONE, type: parseId, required: to.ofPartner },
    { column: id ?? NONE, type: parseId, required: to.naming === 'required' },
    { column: 'known_at', type: 'instant', required: false },
    ...to.columns.map(({ name, type, required = false }) => ({ column: name, type, required })),
  ];
}

function source(
  column: string,
  required: boolean,
  names: readonly string[],
  table: TableMapping,
): Pick<Getter, 'theirs' | 'text'> {
  const translate = table.values[column];
  const translated = (text: string) => (translate ? translateWith(translate, text) : text);
  const constant = table.constants[column];
  if (constant !== undefined) return { theirs: [], text: () => constant };
  const mapped = Object.hasOwn(table.columns, column) ? [table.columns[column]].flat() : [];
  const optional = table.columns === canonicalColumns(table) && !required;
  const theirs = optional ? mapped.filter((name) => names.includes(name)) : mapped;
  if (theirs.length === 0) {
    if (required) throw new RangeError(`${table.to.name} need "${column}", and the mapping says nothing of it`);
    return { theirs, text: () => '' };
  }
  const places = theirs.map((name) => placeOf(name, names));
  if (places.length === 1) return { theirs, text: (fields) => translated(fields[places[0]].trim()) };
  const join = (fields: readonly string[]) => places.map((at) => fields[at].trim()).filter((text) => text !== '');
  return { theirs, text: (fields) => translated(join(fields).join(table.joined_by)) };
}

function translateWith(translate: Readonly<Record<string, string>>, text: string): string {
  if (Object.hasOwn(translate, text)) return translate[text];
  return text === '' ? text : (translate['*'] ?? text);
}

/** In our own vocabulary, every column but the required ones may be missing from a file. */
function canonicalColumns(table: TableMapping): TableMapping['columns'] | undefined {
  return canonicalMapping().tables.find(({ to }) => to === table.to)?.columns;
}

function placeOf(name: string, names: readonly string[]): number {
  const at = names.indexOf(name);
  if (at < 0)
    throw new RangeError(`there is no column "${name}"${nearest(name, names)}; the header has ${names.join(', ')}`);
  return at;
}

const PARTNER = 0;
const ID = 1;
const KNOWN = 2;
const OWN = 3;

class Reading {
  readonly #width: number;
  readonly #getters: readonly Getter[];
  readonly #parsers: readonly Parse<string | number>[];
  readonly #attributes: readonly { name: string; at: number }[];
  readonly #table: TableMapping;
  readonly #knowing: Knowing;
  readonly #happened: readonly number[];
  readonly #money: readonly number[];
  readonly #currency: number;
  /** The columns an id is put together from; none when the file has it, or the content is the name. */
  readonly #naming: readonly number[];

  constructor(
    width: number,
    getters: readonly Getter[],
    attributes: readonly { name: string; at: number }[],
    table: TableMapping,
    knowing: Knowing,
  ) {
    const dates = instantFormatted(table.date_format);
    const months: Parse<number> = (field) => dates(/^\d{4}-\d{2}$/.test(field) ? `${field}-01` : field);
    const place = (column: string) => getters.findIndex((getter) => getter.column === column);
    this.#width = width;
    this.#getters = getters;
    this.#parsers = getters.map(({ type }) => (type === 'month' ? months : typeof type === 'string' ? dates : type));
    this.#attributes = attributes;
    this.#table = table;
    this.#knowing = knowing;
    this.#happened = table.to.happened.map(place);
    this.#money = table.to.money.map(place);
    this.#currency = place('currency');
    this.#naming = typeof table.to.naming === 'string' ? [] : table.to.naming.map(place);
  }

  read = (row: CsvRow): StagedRow | Refusal => {
    const { fields, raw, line } = row;
    const refuse = (at: number | null, reason: string): Refusal => ({
      line,
      column: at === null ? null : this.#nameOf(at),
      reason,
      raw: keepable(raw),
    });
    if (fields === null) return refuse(null, 'the quotes of this row do not match');
    if (fields.length !== this.#width)
      return refuse(null, `${fields.length} fields, where the header has ${this.#width}`);
    const values: Value[] = new Array(this.#getters.length);
    for (let i = 0; i < values.length; i++) {
      const text = this.#getters[i].text(fields);
      if (text === '') {
        if (this.#getters[i].required) return refuse(i, 'is empty, and must not be');
        values[i] = null;
        continue;
      }
      const parsed = this.#parsers[i](text);
      if ('reason' in parsed) return refuse(i, parsed.reason);
      values[i] = parsed.value;
    }
    const fault = this.#settleMoney(values) ?? this.#checkClock(values);
    if (fault) return refuse(fault.at, fault.reason);
    const extra = this.#extraAttributes(fields);
    if (extra !== null && 'reason' in extra) return refuse(this.#getters.length - 1, extra.reason);
    return this.#stage(values, row, extra === null ? null : extra.value);
  };

  #nameOf(at: number): string {
    const { theirs, column } = this.#getters[at];
    return theirs.length > 0 ? theirs.join(' + ') : column;
  }

  /** Amounts become whole minor units; without a currency a value is a plain number. */
  #settleMoney(values: Value[]): Fault | undefined {
    const currency = values[this.#currency];
    if (typeof currency !== 'string') return undefined;
    for (const at of this.#money) {
      const value = values[at];
      if (typeof value !== 'number') continue;
      const minor = this.#table.money === 'major' ? Number((value * 10 ** minorDigits(currency)).toFixed(4)) : value;
      if (!Number.isInteger(minor)) return { at, reason: `${value} ${this.#notWhole(currency)}` };
      values[at] = minor;
    }
    return undefined;
  }

  #notWhole(currency: string): string {
    return this.#table.money === 'major'
      ? `has more than ${minorDigits(currency)} decimals, too many for ${currency}`
      : `is no whole number of minor units of ${currency} (cents); if the file has whole ${currency}, say "money": "major" in a mapping`;
  }

  #checkClock(values: readonly Value[]): Fault | undefined {
    const { now } = this.#knowing;
    const isLate = (at: number) => values[at] !== null && (values[at] as Instant) > now;
    const at = isLate(KNOWN) ? KNOWN : this.#table.to.past ? this.#happened.find(isLate) : undefined;
    return at === undefined ? undefined : { at, reason: `${formatDay(values[at] as Instant)} lies after now` };
  }

  #stage(values: readonly Value[], { line, raw }: CsvRow, extra: string | null): StagedRow {
    const own = values.slice(OWN).map((value, i) => stored(value, this.#getters[OWN + i].type));
    if (extra !== null) own[own.length - 1] = extra;
    const known = values[KNOWN] as Instant | null;
    const id = this.#idOf(values);
    return {
      line,
      partnerId: values[PARTNER] === null ? '' : (values[PARTNER] as string),
      id,
      knownAt: new Date(known ?? this.#assumeKnown(values)),
      explicit: known !== null,
      // Rows of different sources are different facts unless they bear the same id.
      content: digest(id === null ? [this.#knowing.source, ...own] : own),
      values: own,
      raw: known === null ? null : keepable(raw),
    };
  }

  /** The row's id; null to name it by its content. */
  #idOf(values: readonly Value[]): string | null {
    const { id, naming } = this.#table.to;
    if (id === null) return '';
    if (typeof naming === 'string') return values[ID] as string | null;
    return this.#naming.map((at) => idPart(values[at], this.#getters[at].type)).join('|');
  }

  #extraAttributes(fields: readonly string[]): Parsed<string> | null {
    if (this.#attributes.length === 0) return null;
    const kept = this.#attributes
      .map(({ name, at }) => [name, fields[at].trim()] as const)
      .filter(([, text]) => text !== '');
    return kept.length === 0 ? null : storable(JSON.stringify(Object.fromEntries(kept)));
  }

  /** A fact loaded as history was known when the last of what it tells had happened; any other is news. */
  #assumeKnown(values: readonly Value[]): Instant {
    const { asHappened, lagDays, now } = this.#knowing;
    if (!asHappened) return now;
    let latest = Number.NEGATIVE_INFINITY;
    for (const at of this.#happened) if (values[at] !== null) latest = Math.max(latest, values[at] as Instant);
    return Number.isFinite(latest) ? Math.min(now, latest + lagDays * DAY) : now;
  }
}

/** Where a row is at fault, and why. */
interface Fault {
  at: number;
  reason: string;
}

function idPart(value: Value, type: ColumnType): string {
  const text = stored(value, type);
  return text === null ? '' : text instanceof Date ? text.toISOString() : String(text).replaceAll('|', '||');
}

function stored(value: Value, type: ColumnType): string | number | Date | null {
  if (value === null) return null;
  if (type === 'day' || type === 'month') return formatDay(value as Instant);
  return type === 'instant' ? new Date(value) : value;
}

/** The text of a row as PostgreSQL can keep it. */
function keepable(raw: string): string {
  return raw.slice(0, RAW_MOST).replaceAll('\0', '␀').toWellFormed();
}

function digest(values: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(values), 'hex').slice(0, 32);
}

const digitsOf = new Map<string, number>();

/** Decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD. */
function minorDigits(currency: string): number {
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}
