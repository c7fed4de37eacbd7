import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { problem } from '../../store/index.ts';
import { inputs } from './inputs.ts';
import { type Mapping, type TableMapping, tableFor } from './mapping.ts';

/** A file and what it is read as. */
export interface InputFile {
  path: string;
  name: string;
  bytes: number;
  table: TableMapping;
}

/** The files that paths name, inputs that others refer to first. */
export interface InputFiles {
  files: InputFile[];
  /** Files of a directory that the mapping says nothing of. */
  passedOver: string[];
}

/**
 * Finds the files to read: those named, and the CSV files directly inside directories that are named.
 * @throws a problem `USAGE` when a path does not exist, a named file is none the mapping knows, or nothing is left
 */
export function findFiles(paths: readonly string[], mapping: Mapping): InputFiles {
  const passedOver: string[] = [];
  const files = paths.flatMap((path) => {
    if (!statOf(path).isDirectory()) return [describe(path, mapping) ?? refuse(path, mapping)];
    return readdirSync(path)
      .filter((name) => name.toLowerCase().endsWith('.csv') && statOf(join(path, name)).isFile())
      .sort()
      .flatMap((name) => {
        const found = describe(join(path, name), mapping);
        if (!found) passedOver.push(join(path, name));
        return found ?? [];
      });
  });
  if (files.length === 0)
    throw problem('USAGE', `There is no file to read in ${paths.join(', ')}. ${expected(mapping)}`);
  const order = inputs.map((input) => input.name);
  files.sort((a, b) => order.indexOf(a.table.to.name) - order.indexOf(b.table.to.name));
  return { files, passedOver };
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    throw problem('USAGE', `There is no file or directory ${path}.`);
  }
}

function describe(path: string, mapping: Mapping): InputFile | undefined {
  const table = tableFor(mapping, path);
  return table && { path, name: basename(path), bytes: statOf(path).size, table };
}

function refuse(path: string, mapping: Mapping): never {
  throw problem('USAGE', `${path} cannot be told to be any input. ${expected(mapping)}`);
}

function expected(mapping: Mapping): string {
  const patterns = mapping.tables.map(({ match, to }) => `${match ?? '*'} (${to.name})`).join(', ');
  return `Expected are files named ${patterns}; for other names and columns, say how to read them with --map.`;
}
