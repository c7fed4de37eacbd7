import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { problem } from '../../store/index.ts';
import { conditionsSchema } from './conditions.ts';
import { columnNames, type Input, inputs } from './inputs.ts';
import { instantFormatted } from './instants.ts';
import { nearest } from './nearest.ts';

const word = z.string().min(1);

const names = z.union([word, z.array(word).min(1)]);
const byColumn = z.record(word, z.string());

const tableMapping = z.strictObject({
  to: z.string(),
  match: names.optional().describe('which files, by name; * stands for anything'),
  table: word.optional().describe('the table or view of a database, with its schema where it needs one'),
  query: word.optional().describe('or a select of a database'),
  watermark: word.optional().describe('a column of the table that grows with every change: later loads begin after it'),
  where: conditionsSchema.default({}).describe('rows that do not fit are left out'),
  columns: z
    .record(word, z.union([names, z.strictObject({ from: names, when: conditionsSchema })]))
    .describe('our column: theirs, theirs to be joined, or theirs when conditions hold'),
  optional: z.array(word).default([]).describe('their columns that a file may lack; * for all, unremarked'),
  joined_by: z.string().default(' ').describe('what stands between joined columns'),
  constants: byColumn.default({}).describe('our column: one text for every row'),
  defaults: byColumn.default({}).describe('our column: the text where theirs says nothing'),
  values: z
    .record(word, z.record(z.string(), z.string()))
    .default({})
    .describe('our column: theirs to ours, value by value; * for all others'),
  kind_style: z.enum(['as is', 'dotted']).default('as is').describe('dotted: "Course Completed" is course.completed'),
  attributes: z.array(word).default([]).describe('their columns to keep in attributes'),
  date_format: z
    .union([word, z.record(word, word)])
    .optional()
    .describe('for all columns, or by our column; found in the file when left out'),
  delimiter: z.string().length(1).optional(),
  encoding: word.optional().describe('where it is not UTF-8: a label of the WHATWG Encoding Standard'),
  decimal: z.enum(['.', ',']).optional().describe('what stands before decimals in CSV; thousands may then be grouped'),
  money: z.enum(['minor', 'major']).default('minor').describe('whether amounts are cents or euros'),
});

const mappingSchema = z.strictObject({
  source: word.describe('where the files come from; later loads of the same source are news of their day'),
  lag_days: z.number().min(0).max(3650).default(0).describe('how many days after it happened a fact is on record'),
  documentation: z.array(word).default([]).describe('where the names of their columns are explained'),
  tables: z.array(tableMapping).min(1),
});

/** How the columns of one kind of file become those of an input. */
export type TableMapping = Omit<z.infer<typeof tableMapping>, 'to'> & { to: Input };

/** The same, as it is kept with a load. */
export type WrittenTable = z.infer<typeof tableMapping>;

/** How foreign files become ours. */
export interface Mapping {
  source: string;
  lagDays: number;
  tables: readonly TableMapping[];
}

const PRESETS = new URL('./mappings/', import.meta.url);

/** What stands, among a mapping's defaults, for the currency that a program reports in. */
const REPORTING = 'reporting_currency';

/**
 * Reads a mapping file, or a preset that ships when the name has neither slash nor ending.
 * @param reportingCurrency what the default `reporting_currency` stands for
 * @throws a problem `USAGE` that names the field at fault and the nearest valid one
 */
export function readMapping(path: string, reportingCurrency: string): Mapping {
  const file = /^[a-z0-9-]+$/.test(path) ? presetFile(path) : path;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem('USAGE', `The mapping ${path} cannot be read: ${(error as Error).message}.`);
  }
  return parseMapping(json, path, reportingCurrency);
}

function presetNames(): string[] {
  return readdirSync(PRESETS).map((file) => file.replace(/\.json$/, ''));
}

/** The mappings that ship and say how to read files of that name. */
export function presetsFor(file: string): string[] {
  return presetNames().filter((name) =>
    tablesFor(readMapping(name, 'USD'), file).some(({ match }) => match !== undefined),
  );
}

function presetFile(name: string): URL {
  const presets = presetNames();
  if (!presets.includes(name)) {
    throw problem(
      'USAGE',
      `No mapping called "${name}" ships${nearest(name, presets)}; there are ${presets.join(', ')}. A file of your own is ` +
        `named with its ending: ${name}.json.`,
    );
  }
  return new URL(`${name}.json`, PRESETS);
}

/** @param name what to call the mapping in errors */
export function parseMapping(json: unknown, name: string, reportingCurrency = 'USD'): Mapping {
  const parsed = mappingSchema.safeParse(json);
  if (!parsed.success)
    throw problem('USAGE', `The mapping ${name} is not valid: ${parsed.error.issues.map(explain).join('; ')}.`);
  const { source, lag_days, tables } = parsed.data;
  return {
    source,
    lagDays: lag_days,
    tables: tables.map((table) => resolveTable(inCurrency(table, reportingCurrency), name)),
  };
}

function explain(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.') || 'the top level';
  if (issue.code !== 'unrecognized_keys') return `${at}: ${issue.message}`;
  const shape = issue.path.length === 0 ? mappingSchema.shape : tableMapping.shape;
  return issue.keys.map((key) => `${at}: there is no "${key}"${nearest(key, Object.keys(shape))}`).join('; ');
}

function resolveTable(table: z.infer<typeof tableMapping>, name: string): TableMapping {
  const names = inputs.map((input) => input.name);
  const to = inputs.find((input) => input.name === table.to);
  if (!to)
    throw problem(
      'USAGE',
      `The mapping ${name} maps to "${table.to}"${nearest(table.to, names)}; there are ${names.join(', ')}.`,
    );
  const known = columnNames(to);
  const mentioned = [table.columns, table.constants, table.defaults, table.values].flatMap(Object.keys);
  for (const column of [...mentioned, ...Object.keys(formatsOf(table))]) {
    if (known.includes(column)) continue;
    throw problem(
      'USAGE',
      `The mapping ${name}: ${to.name} has no column "${column}"${nearest(column, known)}; it has ${known.join(', ')}.`,
    );
  }
  const fault = faultOf(table, to);
  if (fault) throw problem('USAGE', `The mapping ${name}: ${fault}.`);
  return { ...table, to };
}

function inCurrency(table: WrittenTable, currency: string): WrittenTable {
  if (table.defaults['currency'] !== REPORTING) return table;
  return { ...table, defaults: { ...table.defaults, currency } };
}

function formatsOf({ date_format }: WrittenTable): Record<string, string> {
  return typeof date_format === 'object' ? date_format : {};
}

function faultOf(table: WrittenTable, to: Input): string | undefined {
  if (table.attributes.length > 0 && to.name !== 'events')
    return `only events keep attributes, and ${to.name} asks for them`;
  if (table.attributes.length > 0 && [table.columns, table.constants, table.defaults].some(hasAttributes))
    return `${to.name} are told their "attributes" twice: as a column, and as a list of columns to keep`;
  if (table.kind_style === 'dotted' && to.name !== 'events')
    return `only events have kinds, and ${to.name} asks for a style`;
  if (table.table !== undefined && table.query !== undefined)
    return `${to.name} names a table and a query: one is enough`;
  if (table.watermark !== undefined && to.naming === 'by content' && !table.columns['event_id']) {
    return `"watermark" reads ${to.name} piece by piece, so "columns" must say what their event_id is`;
  }
  try {
    if (typeof table.date_format === 'string') instantFormatted(table.date_format);
    Object.values(formatsOf(table)).forEach(instantFormatted);
    if (table.encoding !== undefined) new TextDecoder(table.encoding);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function hasAttributes(mapped: object): boolean {
  return Object.hasOwn(mapped, 'attributes');
}

/** The mapping of a table as it was kept with a load. */
export function restoreTable(written: unknown): TableMapping {
  return resolveTable(tableMapping.parse(written), 'kept with the load');
}

/** The mapping of a table as it is kept with a load. */
export function writeTable(table: TableMapping): WrittenTable {
  return { ...table, to: table.to.name };
}

/** Without a mapping, files have our own names and columns: `partners.csv`, `events-2026.csv`. */
const CANONICAL: Mapping = {
  source: 'files',
  lagDays: 0,
  tables: inputs.map((to) => ({
    ...tableMapping.parse({
      to: to.name,
      match: `${to.name}*`,
      columns: Object.fromEntries(columnNames(to).map((column) => [column, column])),
      optional: ['*'],
    }),
    to,
  })),
};

/** The mapping of files in our own vocabulary: a column the file lacks is unknown, unless it is required. */
export function canonicalMapping(): Mapping {
  return CANONICAL;
}

/** The table mappings for a file, by its name: a file may hold rows of several inputs. */
export function tablesFor(mapping: Mapping, file: string): TableMapping[] {
  const patterns = ({ match }: TableMapping) => [match ?? '*'].flat();
  return mapping.tables.filter((table) => patterns(table).some((pattern) => matches(pattern, basename(file))));
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`, 'i').test(name);
}
