// Makes dist/, what is published: TypeScript compiled, and the files that code reads beside itself. Tests have it made
// elsewhere: `build.js DIRECTORY [option of tsc]…`.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [into = join(root, 'dist'), ...options] = process.argv.slice(2);
const READ_BESIDE_CODE = ['store/migrations', 'pipelines/ingest/mappings', 'serve/console/assets'];

rmSync(into, { recursive: true, force: true });
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
execFileSync(
  process.execPath,
  [join(dirname(typescript), 'bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', resolve(into), ...options],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
for (const folder of READ_BESIDE_CODE) cpSync(join(root, folder), join(into, folder), { recursive: true });
