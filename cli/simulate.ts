import type { Command } from 'commander';
import { parseDay } from '../features/index.ts';
import { simulate, type WorldSettings } from '../pipelines/index.ts';
import { day, whole } from './arguments.ts';
import type { Session } from './session.ts';

interface Options extends WorldSettings {
  out: string;
}

/** `simulate`: the exports of a made-up program, and the truth about it. */
export function simulateVerb(program: Command, session: Session): void {
  program
    .command('simulate')
    .description('write the exports of a made-up partner program and, in truth/, what is true of it')
    .option('--partners <count>', 'how many partners', whole(1, 1_000_000), 2000)
    .option('--months <count>', 'how many months', whole(1, 240), 36)
    .option('--seed <number>', 'the same seed makes the same world', whole(-(2 ** 31), 2 ** 31 - 1), 1)
    .option('--end <date>', 'the midnight of which the exports are', day, parseDay('2026-01-01'))
    .option('--activity <times>', 'how many times the usual everyday activity, for volume', whole(1, 100), 1)
    .requiredOption('--out <directory>', 'where to write; made when it is not there')
    .action(async ({ out, ...world }: Options) => {
      const bar = session.output.progress('simulate', world.partners);
      const summary = await simulate(world, out, bar.at).finally(bar.end);
      if (session.output.format === 'json') session.output.json({ ...summary, out });
      else if (session.output.format === 'csv')
        session.output.csv([...Object.keys(summary), 'out'], [[...Object.values(summary), out]]);
      else session.output.print(`${summary.partners} partners with ${summary.events} events in ${out}`);
    });
}
