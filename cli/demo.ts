import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { DAY, formatDay, startOfDay } from '../features/index.ts';
import { canonicalMapping, ingest, runDaily, simulate, type WorldSettings } from '../pipelines/index.ts';
import { embeddedStoreIn, problem, removeEmbeddedStore } from '../store/index.ts';
import { whole } from './arguments.ts';
import type { Config } from './config.ts';
import { printRisks } from './list.ts';
import type { Session } from './session.ts';
import { type Listening, listeningOptions, requireSafe, start } from './start.ts';

/** Kept beside a demo's store, so that nobody's own data is ever taken for one. */
interface Marker {
  world: WorldSettings;
  /** Whether everything is there, or the demo was cut off while it was made. */
  complete: boolean;
}

const MARKER = 'demo.json';
const FILES = 'demo-files';
/** Scored as well, so that the list can say what changed in a month. */
const BEFORE_DAYS = 30;

/** `demo`: a made-up program from nothing to the open page. */
export function demoVerb(program: Command, session: Session): void {
  listeningOptions(
    program
      .command('demo')
      .description('a made-up partner program, from nothing to the open page; on the embedded store')
      .option('--partners <count>', 'how many partners', whole(50, 5000), 500)
      .option('--months <count>', 'how many months', whole(18, 60), 30)
      .option('--seed <number>', 'the same seed makes the same world', whole(-(2 ** 31), 2 ** 31 - 1), 7),
  ).action(async ({ port, host, ...world }: Listening & Omit<WorldSettings, 'end'>) => {
    const config = session.config();
    requireSafe({ port, host }, config);
    if (config.databaseUrl !== undefined) {
      throw problem('USAGE', 'The demo makes up data, and DATABASE_URL names a real database. Unset it for the demo.');
    }
    await demo(session, config.data, { ...world, end: startOfDay(session.clock()) }, { port, host });
  });
}

async function demo(session: Session, directory: string, world: WorldSettings, listening: Listening): Promise<void> {
  const marker = readMarker(directory);
  if (!marker && embeddedStoreIn(directory)) {
    throw problem(
      'USAGE',
      `${directory} holds your own data, which a demo must not mix with. Name another place with --data.`,
    );
  }
  const isThere = marker?.complete === true && JSON.stringify(marker.world) === JSON.stringify(world);
  if (!isThere) {
    await removeEmbeddedStore(directory, 'partnercast demo');
    writeMarker(directory, { world, complete: false });
  }
  await session.withStore(async (context, config) => {
    if (!isThere) await make(session, context, directory, world);
    await printRisks(session, context, false);
    session.output.print('\nThe partners are made up. For your own: partnercast check FILES, then ingest, then run.');
    await start(session, context, config, listening);
  });
}

/**
 * Keeps one's own data out of a store of made-up partners, which the next demo would throw away.
 * @throws a problem `USAGE` when a directory holds a demo
 */
export function requireNoDemo({ data, databaseUrl }: Config): void {
  if (databaseUrl !== undefined || !readMarker(data)) return;
  throw problem(
    'USAGE',
    `${data} holds the demo's made-up partners, which must not mix with yours. Name another place with --data, or ` +
      `remove ${data} first.`,
  );
}

async function make(
  session: Session,
  context: Parameters<Parameters<Session['withStore']>[0]>[0],
  directory: string,
  world: WorldSettings,
): Promise<void> {
  const files = join(directory, FILES);
  const bar = session.output.progress('making up partners', world.partners);
  await context.step(`make up ${world.partners} partners over ${world.months} months`, () =>
    simulate(world, files, bar.at).finally(bar.end),
  );
  await context.step('ingest their exports', () =>
    ingest(context.database, [files], {
      mapping: canonicalMapping(),
      backfill: false,
      maxBad: 0,
      now: context.clock(),
    }),
  );
  for (const asOf of [world.end - BEFORE_DAYS * DAY, world.end]) {
    await context.step(`run as of ${formatDay(asOf)}`, () =>
      runDaily(context, asOf, asOf, { send: false, again: true }),
    );
  }
  writeMarker(directory, { world, complete: true });
}

function readMarker(directory: string): Marker | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, MARKER), 'utf8'));
  } catch {
    return undefined;
  }
}

function writeMarker(directory: string, marker: Marker): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARKER), JSON.stringify(marker));
}
