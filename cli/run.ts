import type { Command } from 'commander';
import { formatDay, type Instant, startOfDay } from '../features/index.ts';

import { scoringModelNamed, tellList } from '../models/index.ts';

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
  { asOf, trained, scored, counted, insufficient, incidents, nudges }: DailyRun,
  delivered: number,
  sent: boolean,
) {
  const summary = {
    as_of: formatDay(asOf),
    trained: trained.map(({ model, version }) => ({ model, version })),
    scored: scored.map(({ model, version, scores }) => ({
      model,
      version,
      scores: scores.length,
      listed: scores.filter(({ listed }) => listed).length,
    })),
    watch: scored.map(({ version, drift }) => ({
      version,
      watched: drift?.watched ?? 0,
      drifted: drift?.drifted.map(({ feature }) => feature) ?? [],
    })),
    counted: counted.map(({ model, asOf: day, result }) => ({
      model,
      as_of: formatDay(day),
      listed: result.listed.settled,
      hits: result.listed.hits,
      expected: result.listed.expected,
      verdict: result.verdict,
    })),
    insufficient,
    incidents: {
      weeks: incidents.weeks.map(({ week }) => formatDay(week)),
      opened: incidents.weeks.reduce((sum, { opened }) => sum + opened, 0),
      open: incidents.incidents.filter(({ status }) => status === 'open').length,
      left_out: incidents.weeks.at(-1)?.leftOut ?? 0,
    },
    nudges: {
      decided: nudges.decisions.length,
      held_out: nudges.decisions.filter(({ assignment }) => assignment === 'hold-out').length,
      enqueued: nudges.enqueued,
      delivered,
    },
  };
  if (output.format === 'json') output.json(summary);
  else if (output.format === 'csv') {
    output.csv(
      ['as_of', 'version', 'scores', 'listed', 'model'],
      summary.scored.map(({ model, version, scores, listed }) => [summary.as_of, version, scores, listed, model]),
    );
  } else {
    for (const { model, scores, listed } of summary.scored) {
      const where = scoringModelNamed(model).highIs === 'risk' ? ' (partnercast list risks)' : '';
      output.print(`As of ${summary.as_of}: ${scores} partners scored by ${model}, ${listed} on its list${where}.`);
    }
    for (const { asOf: day, result } of counted) output.print(`The list of ${formatDay(day)}: ${tellList(result)}`);
    const { weeks, open, left_out } = summary.incidents;
    if (weeks.length > 0) {
      output.print(
        `Week of ${weeks.at(-1)}: ${open} incidents open, ${left_out} not shown for want of room (partnercast list incidents).`,
      );
    }
    const { decided, held_out } = summary.nudges;
    const fate = sent ? `${delivered} delivered.` : 'dry: none sent (partnercast list nudges).';
    output.print(`${decided} nudges decided, ${held_out} held out; ${fate}`);
  }
  // Many programs have no new partners to tell of; that nobody can be told to leave is another matter.
  if (insufficient.some(({ model }) => scoringModelNamed(model).highIs === 'risk')) process.exitCode = NOT_ENOUGH_DATA;
}
