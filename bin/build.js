// Makes dist/, what is published: TypeScript compiled, and the files that code reads beside itself.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const READ_BESIDE_CODE = ['store/migrations', 'pipelines/ingest/mappings', 'serve/console/assets'];

rmSync(join(root, 'dist'), { recursive: true, force: true });
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
execFileSync(process.execPath, [join(dirname(typescript), 'bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
for (const folder of READ_BESIDE_CODE) cpSync(join(root, folder), join(root, 'dist', folder), { recursive: true });
