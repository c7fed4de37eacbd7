#!/usr/bin/env node
// What is published is built JavaScript in dist/; in a clone the TypeScript source runs as it is.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../cli/main.ts', import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api').catch(() => {
    process.stderr.write('The source needs its development packages: run "npm ci" first.\n');
    process.exit(1);
  });
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
}
const built = new URL('../dist/cli/main.js', import.meta.url);
const { main } = await import((existsSync(source) ? source : built).href);
await main(process.argv);
