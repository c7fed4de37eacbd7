import type { Command } from 'commander';
import type { Instant } from '../features/index.ts';
import { scoringModels } from '../models/index.ts';
import { programFacts, runDaily } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { day, requireEnded } from './arguments.ts';
import { deliver, requireSecret } from './deliver.ts';
import { printDay } from './run-report.ts';
import type { Session } from './session.ts';

/** Some score could not be given; the rest of the day's work is done. */
const NOT_ENOUGH_DATA = 3;

/** `run`: the work of one day. */
export function runVerb(program: Command, session: Session): void {
  program
    .command('run')
    .description('train what is due, score everyone, decide about nudges')
    .option(
      '--as-of <date>',
      'only what was known before this day counts; the midnight after the latest fact by default',
      day,
    )
    .option('--send', 'send the nudges; without it they are only listed', false)
    .action(async (options: { asOf?: Instant; send: boolean }) => {
      if (options.send) requireSecret(session.config());
      await session.withStore(async (context, config) => {
        const asOf = options.asOf ?? (await programFacts(context)).latestAsOf;
        requireEnded(asOf, session.clock());
        const outcome = await runDaily(context, asOf, asOf, { send: options.send, again: true });
        if (outcome.status === 'skipped') throw problem('LEASE_LOST', outcome.because);
        const delivered = options.send ? await deliver(session, context, config) : 0;
        printDay(session.output, { run: outcome.result, delivered, sent: options.send });
        // Many programs have no new partners to tell of; that nobody can be told to leave is another matter.
        const risks = scoringModels.filter(({ highIs }) => highIs === 'risk').map(({ name }) => name);
        if (outcome.result.insufficient.some(({ model }) => risks.includes(model))) process.exitCode = NOT_ENOUGH_DATA;
      });
    });
}
