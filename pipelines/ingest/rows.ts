import { hash } from 'node:crypto';
import { DAY, formatDay, type Instant, minorDigits } from '../../features/index.ts';
import type { Refusal, StagedRow } from '../../store/index.ts';
import { type Column, columnsUnder, ID, KNOWN, OWN, PARTNER } from './columns.ts';
import { columnsOf, holds } from './conditions.ts';
import { DateFinder } from './date-finder.ts';
import { type Fault, isFault, shown, storable } from './fields.ts';
import { Header } from './header.ts';
import type { ColumnType } from './inputs.ts';
import { writeInstant } from './instants.ts';
import type { TableMapping } from './mapping.ts';
import { type Dialect, type RawBatch, type RawRow, rawText } from './raw-rows.ts';

/** When rows count as known unless they say so themselves. */
export interface Knowing {
  source: string;
  now: Instant;
  lagDays: number;
}

/** How a source was understood. */
export interface Understood {
  /** Our columns, and theirs that they are made of. */
  columns: Record<string, string>;
  /** Columns of theirs that nothing reads. */
  ignored: readonly string[];
  /** By our column, how its dates are written where it is not ISO 8601. */
  dates: Readonly<Record<string, string>>;
  /** Columns that the mapping names and the source may lack, and lacks. */
  missing: readonly string[];
}

/** Rows that were read together. */
export interface ReadRows {
  rows: StagedRow[];
  refusals: Refusal[];
  /** How many rows the mapping leaves to others. */
  leftOut: number;
}

type Value = string | number | null;

/** Where a row is at fault, and why; null for the row as a whole. */
interface FaultAt extends Fault {
  at: number | null;
}

const RAW_MOST = 100_000;

/** Turns the rows under one header into rows to stage. */
export class RowReader {
  readonly #width: number;
  readonly #columns: readonly Column[];
  /** The places of the columns that rows can say something of. */
  readonly #present: readonly number[];
  readonly #attributes: readonly { name: string; at: number }[];
  readonly #isMeant: (fields: readonly string[]) => boolean;
  readonly #dates: DateFinder;
  readonly #table: TableMapping;
  readonly #knowing: Knowing;
  readonly #happened: readonly number[];
  readonly #money: readonly number[];
  readonly #currency: number;
  /** The columns an id is put together from; none when the file has it, or the content is the name. */
  readonly #naming: readonly number[];
  readonly #countsBroken: boolean;
  readonly understood: Understood;

  /**
   * @param countsBroken whether rows that cannot be taken apart are refused here, or left to another reader of the file
   * @throws RangeError when the header has a column twice or one that cannot be kept, or lacks one that the mapping
   *   names or the input requires
   */
  constructor(
    { header: names, absent, format = 'csv' }: Pick<RawBatch, 'header' | 'absent'> & Partial<Pick<Dialect, 'format'>>,
    table: TableMapping,
    knowing: Knowing,
    countsBroken = true,
  ) {
    requireKeepable(names);
    const header = new Header(names, table.optional, absent);
    this.#columns = columnsUnder(header, table, format === 'csv');
    this.#present = this.#columns.flatMap(({ isEmpty }, at) => (isEmpty ? [] : [at]));
    this.#attributes = table.attributes.map((name) => ({ name, at: header.find(name) })).filter(({ at }) => at >= 0);
    this.#isMeant = holds(table.where, (column) => header.find(column));
    this.#dates = new DateFinder(this.#columns, table);
    const place = (name: string) => this.#columns.findIndex((column) => column.name === name);
    this.#countsBroken = countsBroken;
    this.#width = names.length;
    this.#table = table;
    this.#knowing = knowing;
    this.#happened = table.to.happened.map(place);
    this.#money = table.to.money.map(place);
    this.#currency = place('currency');
    this.#naming = typeof table.to.naming === 'string' ? [] : table.to.naming.map(place);
    const read = new Set([
      ...this.#columns.flatMap(({ theirs }) => theirs),
      ...table.attributes,
      ...columnsOf(table.where),
    ]);
    this.understood = {
      columns: Object.fromEntries(
        this.#columns.filter(({ theirs }) => theirs.length > 0).map(({ name, theirs }) => [name, theirs.join(' + ')]),
      ),
      ignored: names.filter((name) => name !== '' && !read.has(name)),
      dates: this.#dates.found,
      missing: header.missing,
    };
  }

  /**
   * Reads a batch.
   * @throws RangeError when its dates can be read in two ways
   */
  read(rows: readonly RawRow[]): ReadRows {
    const isWhole = ({ fields }: RawRow) => fields !== null && fields.length === this.#width;
    this.#dates.look(
      rows.filter((row) => isWhole(row) && this.#isMeant(row.fields ?? [])).map(({ fields }) => fields ?? []),
    );
    const read: ReadRows = { rows: [], refusals: [], leftOut: 0 };
    for (const row of rows) this.#readOne(row, read);
    return read;
  }

  #readOne(row: RawRow, into: ReadRows): void {
    const { fields } = row;
    const fault = this.#brokenBy(row);
    if (fault !== undefined && this.#countsBroken) this.#refuse(row, { at: null, reason: fault }, into);
    else if (fault !== undefined || !this.#isMeant(fields as readonly string[])) into.leftOut++;
    else this.#readFields(row, fields as readonly string[], into);
  }

  #brokenBy({ fields, fault }: RawRow): string | undefined {
    if (fields === null) return fault ?? 'this row cannot be taken apart';
    return fields.length === this.#width ? undefined : `${fields.length} fields, where the header has ${this.#width}`;
  }

  #readFields(row: RawRow, fields: readonly string[], into: ReadRows): void {
    const values: Value[] = new Array(this.#columns.length).fill(null);
    const fault = this.#parse(fields, values) ?? this.#settleMoney(values) ?? this.#checkClock(values);
    const extra = fault === undefined ? this.#extraAttributes(fields) : null;
    if (fault !== undefined) this.#refuse(row, fault, into);
    else if (extra !== null && isFault(extra)) this.#refuse(row, { at: values.length - 1, ...extra }, into);
    else into.rows.push(this.#stage(values, row, extra));
  }

  #refuse(row: RawRow, { at, reason }: FaultAt, into: ReadRows): void {
    const column = at === null ? null : keepable(this.#nameOf(at));
    const raw = rawText(row);
    const kept = keepable(raw);
    into.refusals.push({ line: row.line, column, reason, raw: kept, whole: kept === raw });
  }

  #parse(fields: readonly string[], values: Value[]): FaultAt | undefined {
    for (const at of this.#present) {
      const column = this.#columns[at];
      const text = column.text(fields);
      if (text === '') {
        if (column.required) return { at, reason: 'is empty, and must not be' };
        continue;
      }
      const parsed = column.parse(text);
      if (isFault(parsed)) return { at, reason: parsed.reason };
      values[at] = parsed;
    }
    return undefined;
  }

  #nameOf(at: number): string {
    const { theirs, name } = this.#columns[at];
    return theirs.length > 0 ? theirs.join(' + ') : name;
  }

  /** Amounts become whole minor units; without a currency a value is a plain number. */
  #settleMoney(values: Value[]): FaultAt | undefined {
    const currency = this.#currency < 0 ? null : values[this.#currency];
    if (typeof currency !== 'string') return undefined;
    for (const at of this.#money) {
      const value = values[at];
      if (typeof value !== 'number') continue;
      const minor = this.#table.money === 'major' ? Number((value * 10 ** minorDigits(currency)).toFixed(4)) : value;
      if (!Number.isInteger(minor)) return { at, reason: `${value} ${this.#notWhole(currency)}` };
      if (!Number.isSafeInteger(minor)) return { at, reason: `${value} is too large to be exact` };
      values[at] = minor;
    }
    return undefined;
  }

  #notWhole(currency: string): string {
    return this.#table.money === 'major'
      ? `has more than ${minorDigits(currency)} decimals, too many for ${currency}`
      : `is no whole number of minor units of ${currency} (cents); if the file has whole ${currency}, say "money": "major" in a mapping`;
  }

  #checkClock(values: readonly Value[]): FaultAt | undefined {
    if (this.#isLate(values[KNOWN])) return lateAt(KNOWN, values);
    if (!this.#table.to.past) return undefined;
    for (const at of this.#happened) if (this.#isLate(values[at])) return lateAt(at, values);
    return undefined;
  }

  #isLate(value: Value): boolean {
    return value !== null && (value as Instant) > this.#knowing.now;
  }

  #stage(values: readonly Value[], row: RawRow, extra: string | null): StagedRow {
    const own: Value[] = new Array(values.length - OWN);
    for (let i = 0; i < own.length; i++) own[i] = written(values[OWN + i], this.#columns[OWN + i].type);
    if (extra !== null) own[own.length - 1] = extra;
    const known = values[KNOWN] as Instant | null;
    const id = this.#idOf(values);
    return {
      line: row.line,
      partnerId: values[PARTNER] === null ? '' : (values[PARTNER] as string),
      id,
      knownAt: writeInstant(known ?? this.#assumeKnown(values)),
      explicit: known !== null,
      // Rows of different sources are different facts unless they bear the same id.
      content: digest(id === null ? [this.#knowing.source, ...own] : own),
      values: own,
      raw: known === null ? null : keepable(rawText(row)),
    };
  }

  /** The row's id; null to name it by its content. */
  #idOf(values: readonly Value[]): string | null {
    const { id, naming } = this.#table.to;
    if (id === null) return '';
    if (typeof naming === 'string') return values[ID] as string | null;
    return joinedId(this.#naming.map((at) => String(written(values[at], this.#columns[at].type) ?? '')));
  }

  #extraAttributes(fields: readonly string[]): string | Fault | null {
    if (this.#attributes.length === 0) return null;
    const kept = this.#attributes
      .map(({ name, at }) => [name, fields[at].trim()] as const)
      .filter(([, text]) => text !== '');
    return kept.length === 0 ? null : storable(JSON.stringify(Object.fromEntries(kept)));
  }

  /** A fact loaded as history was known when the last of what it tells had happened. */
  #assumeKnown(values: readonly Value[]): Instant {
    const { lagDays, now } = this.#knowing;
    let latest = Number.NEGATIVE_INFINITY;
    for (const at of this.#happened) {
      if (values[at] !== null) latest = Math.max(latest, whenTrue(values[at] as Instant, this.#columns[at].type));
    }
    return Number.isFinite(latest) ? Math.min(now, latest + lagDays * DAY) : now;
  }
}

function lateAt(at: number, values: readonly Value[]): FaultAt {
  return { at, reason: `${formatDay(values[at] as Instant)} lies after now` };
}

/** An id made of parts; where one holds a bar, all are escaped, and more bars than there are gaps tell that. */
function joinedId(parts: readonly string[]): string {
  const escaped = parts.some((part) => part.includes('|'));
  return (escaped ? parts.map((part) => part.replace(/[\\|]/g, '\\$&')) : parts).join('|');
}

/** When what a date says is true: of a month, when it is over. */
function whenTrue(date: Instant, type: ColumnType): Instant {
  if (type !== 'month') return date;
  const day = new Date(date);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1);
}

/** @throws RangeError when a name holds what PostgreSQL's text cannot */
function requireKeepable(names: readonly string[]): void {
  const at = names.findIndex((name) => name !== keepable(name));
  if (at >= 0)
    throw new RangeError(
      `the name of column ${at + 1} of its header, ${shown(names[at])}, holds a NUL or half a character`,
    );
}

/** A value as it is stored. */
function written(value: Value, type: ColumnType): Value {
  if (value === null || typeof type !== 'string') return value;
  if (type === 'instant') return writeInstant(value as Instant);
  const day = formatDay(value as Instant);
  return type === 'day' ? day : `${day.slice(0, -2)}01`;
}

/** The text of a row as PostgreSQL can keep it. */
function keepable(raw: string): string {
  const kept = raw.length > RAW_MOST ? raw.slice(0, RAW_MOST) : raw;
  return (kept.includes('\0') ? kept.replaceAll('\0', '␀') : kept).toWellFormed();
}

/** A UUID made of what a row says. */
function digest(values: readonly Value[]): string {
  const hex = hash('sha256', JSON.stringify(values), 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
