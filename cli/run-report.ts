import { formatDay } from '../features/index.ts';
import { scoringModelNamed, tellClassList, tellClassVerdict, tellList } from '../models/index.ts';
import type { DailyRun } from '../pipelines/index.ts';
import type { Output } from './output.ts';

/** What a day's work came to, and what became of its nudges. */
export interface DayDone {
  run: DailyRun;
  /** Whether nudges were sent, and how many arrived. */
  sent: boolean;
  delivered: number;
}

/** Prints what a day's work came to. */
export function printDay(output: Output, done: DayDone): void {
  const summary = summaryOf(done);
  if (output.format === 'json') output.json(summary);
  else if (output.format === 'csv') {
    output.csv(
      ['as_of', 'version', 'scores', 'listed', 'model'],
      summary.scored.map(({ model, version, scores, listed }) => [summary.as_of, version, scores, listed, model]),
    );
  } else for (const sentence of sentencesOf(done, summary)) output.print(sentence);
}

function summaryOf({ run, delivered }: DayDone) {
  const { asOf, trained, scored, classes, counted, insufficient, incidents, nudges, recruiting } = run;
  return {
    as_of: formatDay(asOf),
    trained: [...trained, ...classes.flatMap((each) => each.trained ?? [])].map(({ model, version }) => ({
      model,
      version,
    })),
    scored: [
      ...scored.map(({ model, version, scores }) => ({
        model,
        version,
        scores: scores.length,
        listed: scores.filter(({ listed }) => listed).length,
      })),
      // Whoever may grow as well as leave is on no list of those to call.
      ...classes
        .flatMap((each) => each.scored ?? [])
        .map(({ model, version, scores }) => ({ model, version, scores: scores.length, listed: null })),
    ],
    watch: scored.map(({ version, drift }) => ({
      version,
      watched: drift?.watched ?? 0,
      drifted: drift?.drifted.map(({ feature }) => feature) ?? [],
    })),
    counted: [
      ...counted.map(({ model, asOf: day, result }) => ({
        model,
        as_of: formatDay(day),
        listed: result.listed.settled,
        hits: result.listed.hits,
        expected: result.listed.expected,
        verdict: result.verdict,
      })),
      // Of classes everyone scored counts, and a hit is that the likeliest came.
      ...classes
        .flatMap((each) => each.counted)
        .map(({ model, asOf: day, result: { likeliest, ...told } }) => ({
          model,
          as_of: formatDay(day),
          listed: likeliest.settled,
          hits: likeliest.hits,
          expected: likeliest.expected,
          verdict: tellClassVerdict(told),
        })),
    ],
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
    prospects: recruiting && {
      listed: recruiting.list?.length ?? 0,
      profile: recruiting.profile.version,
      verdict: recruiting.card.fit.verdict,
      nudges: recruiting.nudges.decisions.length,
      ...recruiting.counts,
    },
  };
}

function* sentencesOf({ run, sent }: DayDone, summary: ReturnType<typeof summaryOf>): Generator<string> {
  for (const { model, scores, listed } of summary.scored) {
    const said = `As of ${summary.as_of}: ${scores} partners scored by ${model}`;
    yield listed === null ? `${said}.` : `${said}, ${listed} on its list${whereListed(model)}.`;
  }
  for (const { model, asOf, result } of run.counted) {
    yield `The list of ${formatDay(asOf)}, ${model}: ${tellList(result, scoringModelNamed(model).words)}`;
  }
  for (const { model, asOf, result } of run.classes.flatMap((each) => each.counted)) {
    yield `The scores of ${formatDay(asOf)}, ${model}: ${tellClassList(result)}`;
  }
  const { weeks, open, left_out } = summary.incidents;
  if (weeks.length > 0) {
    yield `Week of ${weeks.at(-1)}: ${open} incidents open, ${left_out} not shown for want of room (partnercast list incidents).`;
  }
  const { decided, held_out, delivered } = summary.nudges;
  const fate = sent ? `${delivered} delivered.` : 'dry: none sent (partnercast list nudges).';
  yield `${decided} nudges decided, ${held_out} held out; ${fate}`;
  const prospects = run.recruiting?.list;
  if (prospects) yield `${prospects.length} prospects on the list of the week (partnercast list prospects).`;
}

function whereListed(model: string): string {
  return scoringModelNamed(model).highIs === 'risk' ? ' (partnercast list risks)' : '';
}
