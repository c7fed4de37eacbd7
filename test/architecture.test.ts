import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What each room may import, besides itself. */
const ARROWS: Record<string, readonly string[]> = {
  features: [],
  models: ['features'],
  insights: ['features'],
  store: ['features', 'models', 'insights'],
  pipelines: ['features', 'models', 'insights', 'store'],
  serve: ['features', 'models', 'insights', 'store'],
  cli: ['features', 'models', 'insights', 'store', 'pipelines', 'serve'],
};
/** The only places that may import a package. */
const HOMES: Record<string, readonly string[]> = {
  pg: ['store/'],
  'pg-copy-streams': ['store/'],
  '@electric-sql/pglite': ['store/'],
  '@electric-sql/pglite-prepopulatedfs': ['store/'],
  'node-cron': ['pipelines/schedule.ts'],
  fastify: ['serve/'],
  'apache-arrow': ['features/arrow.ts'],
  'hyparquet-writer': ['features/parquet.ts'],
  hyparquet: ['pipelines/ingest/parquet.ts'],
  'hyparquet-compressors': ['pipelines/ingest/parquet.ts'],
  fzstd: ['features/arrow.ts'],
  lz4js: ['features/arrow.ts'],
  commander: ['cli/'],
  'pure-rand': ['models/random.ts'],
  '@tensorflow/tfjs-core': ['models/estimators/neural-hazard/'],
  '@tensorflow/tfjs-backend-wasm': ['models/estimators/neural-hazard/'],
  '@tensorflow/tfjs-node': ['models/estimators/neural-hazard/backend.ts'],
  'd3-random': ['pipelines/simulate/'],
  'csv-parse': ['pipelines/ingest/csv.ts'],
  preact: ['serve/console/'],
  'preact-render-to-string': ['serve/console/'],
  '@observablehq/plot': ['serve/console/chart.ts'],
  jsdom: ['serve/console/chart.ts'],
};
/** Time, chance and the environment are passed in; these may be reached for only where they are made. */
const REACHES: [what: RegExp, allowed: readonly string[]][] = [
  [/\bMath\.random\b/, ['store/lock.ts']],
  [/\bDate\.now\b|new Date\(\)|\bperformance\.now\b/, ['cli/main.ts', 'store/lock.ts']],
  [/\bprocess\.env\b/, ['cli/main.ts']],
  [/\bopen(Store|Scratch|Pglite|Postgres)\(/, ['cli/main.ts', 'store/']],
];
const VAGUE = /(^|\/)(utils?|lib|core|common|manager|service|base|helpers?)(\.tsx?$|\/)/;

interface Source {
  path: string;
  text: string;
  imports: string[];
}

/** Everything that ships: TypeScript in the rooms, tests left out. */
function sources(): Source[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => Object.keys(ARROWS).includes(path.split('/')[0]) && existsSync(join(ROOT, path)))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, imports: importsOf(text) };
    });
}

/** What a module imports, types included: static, re-exported and dynamic. */
function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\('([^']+)'\)/g);
  return Array.from(found, ([, fixed, dynamic]) => fixed ?? dynamic);
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What is wrong with the house, a sentence each. */
function faults(modules: readonly Source[]): string[] {
  return modules.flatMap(({ path, text, imports }) => [
    ...imports.flatMap((specifier) =>
      specifier.startsWith('.') ? arrowFault(path, specifier) : homeFault(path, specifier),
    ),
    ...REACHES.flatMap(([what, allowed]) =>
      what.test(text) && !allowed.some((place) => path.startsWith(place)) ? [`${path} reaches for ${what}`] : [],
    ),
    ...(VAGUE.test(path) ? [`${path} says nothing by its name`] : []),
  ]);
}

function arrowFault(path: string, specifier: string): string[] {
  const room = path.split('/')[0];
  const target = normalize(join(dirname(path), specifier));
  const other = target.split('/')[0];
  if (other === room) return [];
  if (!ARROWS[room].includes(other)) return [`${path} imports ${specifier}: ${room} may not import ${other}`];
  // Another room is entered by its door.
  return target === `${other}/index.ts` ? [] : [`${path} imports ${specifier}, past ${other}/index.ts`];
}

function homeFault(path: string, specifier: string): string[] {
  const homes = HOMES[packageOf(specifier)];
  return homes && !homes.some((home) => path.startsWith(home))
    ? [`${path} imports ${specifier}, which lives in ${homes}`]
    : [];
}

describe('the house', () => {
  it('has its arrows one way and every package at home', () => {
    const modules = sources();
    expect(modules.length).toBeGreaterThan(100);
    expect(faults(modules)).toEqual([]);
  });

  it.each([
    ['features/a.ts', "import { x } from '../models/index.ts';", /features may not import models/],
    ['serve/a.ts', "import type { x } from '../pipelines/index.ts';", /serve may not import pipelines/],
    ['serve/a.ts', "export { x } from '../store/runs.ts';", /past store\/index\.ts/],
    ['models/a.ts', "const x = await import('pg');", /which lives in store/],
    ['models/a.ts', "import {\n  x,\n} from 'pg/lib/y';", /which lives in store/],
    ['models/a.ts', 'const now = Date.now();', /reaches for/],
    ['cli/list.ts', 'const e = process.env;', /reaches for/],
    ['features/utils.ts', '', /says nothing by its name/],
  ])('would notice %s with %j', (path, text, fault) => {
    expect(faults([{ path, text, imports: importsOf(text) }]).join()).toMatch(fault);
  });
});

describe('nothing is forgotten', () => {
  const lists: [folder: string, list: string, except: RegExp][] = [
    // What tells of new partners is seen by the views that ask about them.
    ['features/groups', 'features/views/churn-risk.ts', /newcomer|types/],
    ['features/views', 'features/views/index.ts', /index|prospects|pick-features/],
    ['models/estimators', 'models/estimators/index.ts', /index|require/],
    ['models/specs', 'models/specs/index.ts', /index/],
    ['models/nudges', 'models/nudges/index.ts', /index|rule|decide/],
    ['serve/routes', 'serve/routes/index.ts', /index|route\.ts/],
  ];

  it.each(lists)('every file of %s is in %s', (folder, list, except) => {
    const files = sources().filter(({ path }) => dirname(path) === folder && !except.test(path));
    expect(files.length).toBeGreaterThan(0);
    const imported = importsOf(readFileSync(join(ROOT, list), 'utf8')).map((specifier) =>
      normalize(join(dirname(list), specifier)),
    );
    const forgotten = files
      .filter(({ path }) => !imported.includes(path))
      .map(({ path }) => `add to ${list}: import … from './${path}'`);
    expect(forgotten).toEqual([]);
  });

  it('every verb is joined in cli/main.ts', () => {
    const verbs = sources().flatMap(({ path, text }) =>
      path.startsWith('cli/') ? Array.from(text.matchAll(/export function (\w+Verb)\(/g), ([, verb]) => verb) : [],
    );
    const main = readFileSync(join(ROOT, 'cli/main.ts'), 'utf8');
    expect(verbs.length).toBeGreaterThan(10);
    for (const verb of verbs) expect(main).toMatch(new RegExp(`^  ${verb},$`, 'm'));
  });

  it('every room has a README', () => {
    for (const room of [...Object.keys(ARROWS), 'bin', 'notebooks', 'test']) {
      expect(existsSync(join(ROOT, room, 'README.md')), `${room}/README.md`).toBe(true);
    }
  });
});
