import type { Command } from 'commander';
import pino from 'pino';
import { type Context, startSchedule } from '../pipelines/index.ts';
import { buildApp } from '../serve/index.ts';
import { problem } from '../store/index.ts';
import { whole } from './arguments.ts';
import type { Config } from './config.ts';
import { deliver, requireSecret } from './deliver.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Where the server listens. */
export interface Listening {
  port: number;
  host: string;
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '::1']);
const SHORTEST_KEY = 32;

/** The options of verbs that start the server. */
export function listeningOptions(command: Command): Command {
  return command
    .option('--port <number>', 'where to listen; 0 takes any free port', whole(0, 65_535), 8080)
    .option('--host <address>', 'this machine only, unless named; others need PARTNERCAST_API_KEY', '127.0.0.1');
}

/** `start`: API, console, scheduler and deliveries in one process. */
export function startVerb(program: Command, session: Session): void {
  listeningOptions(
    program.command('start').description('API, console, daily runs and deliveries in one process'),
  ).action(async (listening: Listening) => {
    requireSafe(listening, session.config());
    await session.withStore((context, config) => start(session, context, config, listening));
  });
}

/** @throws a problem `USAGE` when others could reach the server without a key, or nudges could not be signed */
export function requireSafe({ host }: Listening, config: Config): void {
  if (config.settings.nudge_send) requireSecret(config);
  if (LOCAL.has(host)) return;
  if ((config.apiKey ?? '').length < SHORTEST_KEY) {
    throw problem(
      'USAGE',
      `${host} can be reached by others, so a key is needed: set PARTNERCAST_API_KEY to at least ${SHORTEST_KEY} random ` +
        'characters, or leave --host away to listen on this machine only.',
    );
  }
}

/** Runs everything until the process is told to stop. */
export async function start(session: Session, context: Context, config: Config, listening: Listening): Promise<void> {
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const app = await buildApp(
    { database: context.database, clock: session.clock },
    { apiKey: config.apiKey, localOnly: LOCAL.has(listening.host), logger, version },
  );
  const address = await app.listen(listening).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? problem(
          'USAGE',
          `Port ${listening.port} of ${listening.host} is taken. Choose another with --port, or --port 0 for any free one.`,
        )
      : error;
  });
  let lastFailure = '';
  const schedule = startSchedule(
    context,
    (error) => {
      if (error.message !== lastFailure) session.output.say(`The daily run failed: ${error.message}`);
      lastFailure = error.message;
    },
    async () => {
      lastFailure = '';
      if (config.settings.nudge_send) await deliver(session, context, config);
    },
  );
  const stopped = session.untilStopped(async () => {
    await schedule.stop();
    await app.close();
  });
  session.output.print(`Console: ${address}/risks   API: ${address}/docs   (stop with Ctrl-C)`);
  await stopped;
}
