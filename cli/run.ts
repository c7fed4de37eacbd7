import type { Command } from 'commander';
import { formatDay, type Instant, startOfDay } from '../features/index.ts';
import { type DailyRun, programFacts, runDaily } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { day } from './arguments.ts';
import { deliver, requireSecret } from './deliver.ts';
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
        tell(session, outcome.result, delivered, options.send);
      });
    });
}

/** A list of a day that has not ended would take the facts still to come for silence. */
function requireEnded(asOf: Instant, now: Instant): void {
  if (asOf <= startOfDay(now)) return;
  throw problem(
    'USAGE',
    `${formatDay(asOf)} has not come yet: the latest day to run is ${formatDay(startOfDay(now))}, when yesterday has ended.`,
  );
}

function tell(
  { output }: Session,
  { asOf, trained, scored, insufficient, nudges, recruiting }: DailyRun,
  delivered: number,
  sent: boolean,
) {
  const summary = {
    as_of: formatDay(asOf),
    trained: trained.map(({ model, version }) => ({ model, version })),
    scored: scored.map(({ version, scores }) => ({
      version,
      scores: scores.length,
      listed: scores.filter(({ listed }) => listed).length,
    })),
    insufficient,
    nudges: {
      decided: nudges.decisions.length,
      held_out: nudges.decisions.filter(({ assignment }) => assignment === 'hold-out').length,
      enqueued: nudges.enqueued,
      delivered,
    },
    prospects: recruiting && {
      listed: recruiting.list?.length ?? 0,
      profile: recruiting.profile.version,
      verdict: recruiting.card.fit.verdict,
      nudges: recruiting.nudges.decisions.length,
      ...recruiting.counts,
    },
  };
  if (output.format === 'json') output.json(summary);
  else if (output.format === 'csv') {
    output.csv(
      ['as_of', 'version', 'scores', 'listed'],
      summary.scored.map(({ version, scores, listed }) => [summary.as_of, version, scores, listed]),
    );
  } else {
    for (const { scores, listed } of summary.scored) {
      output.print(
        `As of ${summary.as_of}: ${scores} partners scored, ${listed} on the list (partnercast list risks).`,
      );
    }
    const { decided, held_out } = summary.nudges;
    const fate = sent ? `${delivered} delivered.` : 'dry: none sent (partnercast list nudges).';
    output.print(`${decided} nudges decided, ${held_out} held out; ${fate}`);
    if (recruiting?.list) {
      output.print(`${recruiting.list.length} prospects on the list of the week (partnercast list prospects).`);
    }
  }
  if (insufficient.length > 0) process.exitCode = NOT_ENOUGH_DATA;
}
