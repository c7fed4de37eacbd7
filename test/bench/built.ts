import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles our-features.ts, with all it needs of the product, as the product is compiled when it is published: source
 * that is compiled while it runs is slower. Types are checked apart.
 * @param into a directory that may be overwritten
 * @returns the path of the script
 */
export function buildOurFeatures(into: string): string {
  const options = ['--noCheck', '-p', 'test/bench/tsconfig.json'];
  execFileSync(process.execPath, [join(ROOT, 'bin/build.js'), into, ...options], { stdio: 'inherit' });
  cpSync(join(ROOT, 'package.json'), join(into, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(into, 'node_modules'));
  return join(into, 'test/bench/our-features.js');
}
