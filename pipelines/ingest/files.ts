import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { problem } from '../../store/index.ts';
import { inputs } from './inputs.ts';
import { type Mapping, presetsFor, type TableMapping, tablesFor } from './mapping.ts';
import type { RawTable } from './raw-rows.ts';
import { ENDINGS, openFile } from './raw-table.ts';

/** Something that rows of one input are read from. */
export interface InputSource {
  /** How it is called in reports. */
  path: string;
  name: string;
  /** Its size; 0 when that is not known. */
  bytes: number;
  table: TableMapping;
  /** Whether rows that cannot be taken apart count here: once, where a file holds rows of several inputs. */
  countsBroken: boolean;
  /** @param wanted the columns of theirs that are read */
  open(wanted: readonly string[]): Promise<RawTable>;
}

/** The files that paths name, inputs that others refer to first. */
export interface InputFiles {
  files: InputSource[];
  /** Files of a directory that the mapping says nothing of. */
  passedOver: string[];
}

/**
 * Finds the files to read: those named, and those directly inside directories that are named.
 * @throws a problem `USAGE` when a path does not exist, a named file is none the mapping knows, or nothing is left
 */
export function findFiles(paths: readonly string[], mapping: Mapping): InputFiles {
  const passedOver: string[] = [];
  const files = paths.flatMap((path) => {
    if (!statOf(path).isDirectory()) {
      const found = describe(path, mapping);
      return found.length > 0 ? found : refuse(path, mapping);
    }
    return readdirSync(path)
      .filter((name) => ENDINGS.test(name) && statOf(join(path, name)).isFile())
      .sort()
      .flatMap((name) => {
        const found = describe(join(path, name), mapping);
        if (found.length === 0) passedOver.push(join(path, name));
        return found;
      });
  });
  if (files.length === 0)
    throw problem('USAGE', `There is no file to read in ${paths.join(', ')}. ${expected(mapping)}`);
  return { files: inOrder(files), passedOver };
}

/** Inputs that others refer to first. */
export function inOrder<Source extends Pick<InputSource, 'table'>>(sources: readonly Source[]): Source[] {
  const order = inputs.map((input) => input.name);
  return [...sources].sort((a, b) => order.indexOf(a.table.to.name) - order.indexOf(b.table.to.name));
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    throw problem('USAGE', `There is no file or directory ${path}.`);
  }
}

function describe(path: string, mapping: Mapping): InputSource[] {
  return tablesFor(mapping, path).map((table, i) => ({
    path,
    name: basename(path),
    bytes: statOf(path).size,
    table,
    countsBroken: i === 0,
    open: (wanted) => openFile(path, { delimiter: table.delimiter, encoding: table.encoding, wanted }),
  }));
}

function refuse(path: string, mapping: Mapping): never {
  const presets = presetsFor(path).map((name) => `--map ${name}`);
  const hint = presets.length > 0 ? ` Files of that name are read with ${presets.join(' or ')}.` : '';
  throw problem('USAGE', `${path} cannot be told to be any input.${hint} ${expected(mapping)}`);
}

function expected(mapping: Mapping): string {
  const patterns = mapping.tables
    .map(({ match, to }) => `${[match ?? '*'].flat().join(' or ')} (${to.name})`)
    .join(', ');
  return `Expected are files named ${patterns}; for other names and columns, say how to read them in a mapping file, --map my-crm.json.`;
}
