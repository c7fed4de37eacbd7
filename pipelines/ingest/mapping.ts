import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { problem } from '../../store/index.ts';
import { instantFormatted } from './fields.ts';
import { columnNames, type Input, inputs } from './inputs.ts';
import { nearest } from './nearest.ts';

const word = z.string().min(1);

const tableMapping = z.strictObject({
  to: z.string(),
  match: word.optional().describe('which files, by name; * stands for anything'),
  columns: z.record(word, z.union([word, z.array(word).min(1)])).describe('our column: theirs, or theirs to be joined'),
  joined_by: z.string().default(' ').describe('what stands between joined columns'),
  constants: z.record(word, z.string()).default({}).describe('our column: one text for every row'),
  values: z
    .record(word, z.record(z.string(), z.string()))
    .default({})
    .describe('our column: theirs to ours, value by value; * for all others'),
  attributes: z.array(word).default([]).describe('their columns to keep in attributes'),
  date_format: word.default('yyyy-MM-dd'),
  delimiter: z.string().length(1).optional(),
  money: z.enum(['minor', 'major']).default('minor').describe('whether amounts are cents or euros'),
});

const mappingSchema = z.strictObject({
  source: word.describe('where the files come from; later loads of the same source are news of their day'),
  lag_days: z.number().min(0).max(3650).default(0).describe('how many days after it happened a fact is on record'),
  tables: z.array(tableMapping).min(1),
});

/** How the columns of one kind of file become those of an input. */
export type TableMapping = Omit<z.infer<typeof tableMapping>, 'to'> & { to: Input };

/** How foreign files become ours. */
export interface Mapping {
  source: string;
  lagDays: number;
  tables: readonly TableMapping[];
}

const PRESETS = new URL('./mappings/', import.meta.url);

/**
 * Reads a mapping file, or a preset that ships when the name has neither slash nor ending.
 * @throws a problem `USAGE` that names the field at fault and the nearest valid one
 */
export function readMapping(path: string): Mapping {
  const file = /^[a-z0-9-]+$/.test(path) ? presetFile(path) : path;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem('USAGE', `The mapping ${path} cannot be read: ${(error as Error).message}.`);
  }
  return parseMapping(json, path);
}

function presetFile(name: string): URL {
  const presets = readdirSync(PRESETS).map((file) => file.replace(/\.json$/, ''));
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
export function parseMapping(json: unknown, name: string): Mapping {
  const parsed = mappingSchema.safeParse(json);
  if (!parsed.success)
    throw problem('USAGE', `The mapping ${name} is not valid: ${parsed.error.issues.map(explain).join('; ')}.`);
  const { source, lag_days, tables } = parsed.data;
  return { source, lagDays: lag_days, tables: tables.map((table) => resolveTable(table, name)) };
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
  for (const column of [...Object.keys(table.columns), ...Object.keys(table.constants), ...Object.keys(table.values)]) {
    if (known.includes(column)) continue;
    throw problem(
      'USAGE',
      `The mapping ${name}: ${to.name} has no column "${column}"${nearest(column, known)}; it has ${known.join(', ')}.`,
    );
  }
  if (table.attributes.length > 0 && to.name !== 'events') {
    throw problem('USAGE', `The mapping ${name}: only events keep attributes, and ${to.name} asks for them.`);
  }
  try {
    instantFormatted(table.date_format);
  } catch (error) {
    throw problem('USAGE', `The mapping ${name}: ${(error as Error).message}.`);
  }
  return { ...table, to };
}

/** Without a mapping, files have our own names and columns: `partners.csv`, `events-2026.csv`. */
const CANONICAL: Mapping = {
  source: 'files',
  lagDays: 0,
  tables: inputs.map((to) => ({
    to,
    match: `${to.name}*`,
    columns: Object.fromEntries(columnNames(to).map((column) => [column, column])),
    joined_by: ' ',
    constants: {},
    values: {},
    attributes: [],
    date_format: 'yyyy-MM-dd',
    money: 'minor',
  })),
};

/** The mapping of files in our own vocabulary: a column the file lacks is unknown, unless it is required. */
export function canonicalMapping(): Mapping {
  return CANONICAL;
}

/** The table mapping for a file, by its name; undefined when none matches. */
export function tableFor(mapping: Mapping, file: string): TableMapping | undefined {
  return mapping.tables.find(({ match }) => match === undefined || matches(match, basename(file)));
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`, 'i').test(name);
}
