import { createHash } from 'node:crypto';
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

type Wanted = Pick<Getter, 'column' | 'type' | 'required'>;

/** `partner_id`, the row's id, `known_at` and then the input's own columns, in the store's order. */
function wantedColumns({ to }: TableMapping): Wanted[] {
  return [
    { column: 'partner_id', type: parseId, required: true },
    { column: to.id ?? '', type: parseId, required: to.idRequired },
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
  readonly #happened: number;
  readonly #value: number;
  readonly #currency: number;

  constructor(
    width: number,
    getters: readonly Getter[],
    attributes: readonly { name: string; at: number }[],
    table: TableMapping,
    knowing: Knowing,
  ) {
    const dates = instantFormatted(table.date_format);
    const place = (column: string) => getters.findIndex((getter) => getter.column === column);
    this.#width = width;
    this.#getters = getters;
    this.#parsers = getters.map(({ type }) => (typeof type === 'string' ? dates : type));
    this.#attributes = attributes;
    this.#table = table;
    this.#knowing = knowing;
    this.#happened = place(table.to.happened);
    this.#value = place('value');
    this.#currency = place('currency');
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
  #settleMoney(values: Value[]): { at: number; reason: string } | undefined {
    const [value, currency] = [values[this.#value], values[this.#currency]];
    if (typeof value !== 'number' || typeof currency !== 'string') return undefined;
    const digits = minorDigits(currency);
    const minor = this.#table.money === 'major' ? Number((value * 10 ** digits).toFixed(4)) : value;
    if (Number.isInteger(minor)) {
      values[this.#value] = minor;
      return undefined;
    }
    const wanted =
      this.#table.money === 'major'
        ? `has more than ${digits} decimals, too many for ${currency}`
        : `is no whole number of minor units of ${currency} (cents); if the file has whole ${currency}, say "money": "major" in a mapping`;
    return { at: this.#value, reason: `${value} ${wanted}` };
  }

  #checkClock(values: readonly Value[]): { at: number; reason: string } | undefined {
    const { now } = this.#knowing;
    const happened = values[this.#happened] as Instant | null;
    const known = values[KNOWN] as Instant | null;
    if (known !== null && known > now) return { at: KNOWN, reason: `${formatDay(known)} lies after now` };
    if (happened === null || !this.#table.to.past) return undefined;
    if (happened > now) return { at: this.#happened, reason: `${formatDay(happened)} lies after now` };
    return undefined;
  }

  #stage(values: readonly Value[], { line, raw }: CsvRow, extra: string | null): StagedRow {
    const own = values.slice(OWN).map((value, i) => stored(value, this.#getters[OWN + i].type));
    if (extra !== null) own[own.length - 1] = extra;
    const known = values[KNOWN] as Instant | null;
    const id = values[ID] as string | null;
    return {
      line,
      partnerId: values[PARTNER] as string,
      id,
      knownAt: new Date(known ?? this.#assumeKnown(values[this.#happened] as Instant | null)),
      explicit: known !== null,
      // Rows of different sources are different facts unless they bear the same id.
      content: digest(id === null && this.#table.to.id !== null ? [this.#knowing.source, ...own] : own),
      values: own,
      raw: known === null ? null : keepable(raw),
    };
  }

  #extraAttributes(fields: readonly string[]): Parsed<string> | null {
    if (this.#attributes.length === 0) return null;
    const kept = this.#attributes
      .map(({ name, at }) => [name, fields[at].trim()] as const)
      .filter(([, text]) => text !== '');
    return kept.length === 0 ? null : storable(JSON.stringify(Object.fromEntries(kept)));
  }

  #assumeKnown(happened: Instant | null): Instant {
    const { asHappened, lagDays, now } = this.#knowing;
    return asHappened && happened !== null ? Math.min(now, happened + lagDays * DAY) : now;
  }
}

function stored(value: Value, type: ColumnType): string | number | Date | null {
  if (value === null) return null;
  if (type === 'day') return formatDay(value as Instant);
  return type === 'instant' ? new Date(value) : value;
}

/** The text of a row as PostgreSQL can keep it. */
function keepable(raw: string): string {
  return raw.slice(0, RAW_MOST).replaceAll('\0', '␀').toWellFormed();
}

function digest(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32);
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
