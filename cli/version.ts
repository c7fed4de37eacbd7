import { readFileSync } from 'node:fs';

/** Finds the package this file belongs to: one directory up in a clone, two in what is published. */
function packageFile(): URL {
  const [near, far] = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));
  return import.meta.url.includes('/dist/cli/') ? far : near;
}

/** The version of this package. */
export const version: string = JSON.parse(readFileSync(packageFile(), 'utf8')).version;
