import { type Conditions, columnsOf, holds } from './conditions.ts';
import { dateParser, declaredFormat } from './date-finder.ts';
import { count, type Parse, id as parseId, number as parseNumber, plainNumber, positive } from './fields.ts';
import type { Header } from './header.ts';
import type { ColumnType } from './inputs.ts';
import { ISO } from './instants.ts';
import type { TableMapping } from './mapping.ts';

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

/** The row's partner, its id, `known_at` and then the input's own columns, in the store's order. */
export const PARTNER = 0;
export const ID = 1;
export const KNOWN = 2;
export const OWN = 3;

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
