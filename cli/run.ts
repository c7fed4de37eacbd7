import type { Command } from 'commander';
import { formatDay, type Instant } from '../features/index.ts';
import { programFacts, runDaily } from '../pipelines/index.ts';
import { day } from './arguments.ts';
import { deliver, requireSecret } from './deliver.ts';
import type { Session } from './session.ts';

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
        const outcome = await runDaily(context, asOf, asOf, { send: options.send, again: true });
        const delivered = options.send ? await deliver(session, context, config) : 0;
        const { output } = session;
        if (outcome.status === 'skipped') {
          output.say(`Another process is at work on ${formatDay(asOf)}.`);
          return;
        }
        const { trained, scored, nudges } = outcome.result;
        const summary = {
          as_of: formatDay(asOf),
          trained: trained.map(({ model, version }) => ({ model, version })),
          scored: scored.map(({ version, scores }) => ({
            version,
            scores: scores.length,
            listed: scores.filter(({ listed }) => listed).length,
          })),
          nudges: {
            decided: nudges.decisions.length,
            held_out: nudges.decisions.filter(({ assignment }) => assignment === 'hold-out').length,
            enqueued: nudges.enqueued,
            delivered,
          },
        };
        if (output.format === 'json') output.json(summary);
        else {
          const [first] = summary.scored;
          output.print(
            `As of ${summary.as_of}: ${first.scores} partners scored, ${first.listed} on the list (partnercast list risks).`,
          );
          output.print(
            `${summary.nudges.decided} nudges decided, ${summary.nudges.held_out} held out; ` +
              (options.send ? `${delivered} delivered.` : 'dry: none sent (partnercast list nudges).'),
          );
        }
      });
    });
}
