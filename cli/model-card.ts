import type { Command } from 'commander';
import { formatDay } from '../features/index.ts';
import {
  type AnyModel,
  claimsOfCard,
  evaluationOfCard,
  PAST_METRICS,
  tellClaims,
  tellDrift,
  tellList,
  tellNullTest,
  tellTrackRecord,
} from '../models/index.ts';
import { type AnyShown, cardAsFile, isOfClasses, shownVersion, toAnyCardShape } from '../serve/index.ts';
import { problem } from '../store/index.ts';
import { anyModel } from './any-model.ts';
import { classCardInWords, classFigures } from './class-model-card.ts';
import { figureTable } from './figure-table.ts';
import type { Session } from './session.ts';

interface CardOptions {
  of?: string;
  html: boolean;
}

/** `models card`: what should be known of a version before it is trusted. */
export function cardCommand(models: Command, session: Session): void {
  models
    .command('card')
    .description('what should be known of a version before it is trusted')
    .argument('<model>', 'which score', anyModel)
    .option('--of <version>', 'another version than the one in use, as "models list" names it')
    .option('--html', 'as a page of its own that asks for nothing else', false)
    .action((model: AnyModel, { of: version, html }: CardOptions) =>
      session.withStore(async ({ database }) => {
        const shown = await shownVersion(database, model, version);
        if (!shown) throw noSuch(model, version);
        const { output } = session;
        if (html) output.raw(await cardAsFile(shown));
        else if (output.format === 'json') output.json(toAnyCardShape(shown));
        else if (output.format === 'csv') output.csv(COLUMNS, figuresOf(shown));
        else output.print(inWords(shown));
      }),
    );
}

function noSuch({ name }: AnyModel, version: string | undefined): Error {
  return version === undefined
    ? problem('NOT_ENOUGH_DATA', `No version of ${name} is registered yet. "partnercast train" or "run" makes one.`)
    : problem('USAGE', `There is no version "${version}" of ${name}. "partnercast models list" shows those there are.`);
}

const COLUMNS = ['model', 'version', 'estimator', 'figure', 'value', 'low', 'high'];

function figuresOf(shown: AnyShown): (string | number)[][] {
  if (isOfClasses(shown)) return classFigures(shown);
  const { model, version, card } = shown.version;
  return (evaluationOfCard(card)?.estimators ?? []).flatMap(({ name, figures }) =>
    PAST_METRICS.map((figure) => {
      const { value, low, high } = figures[figure];
      return [model, version, name, figure, value, low, high];
    }),
  );
}

function inWords(shown: AnyShown): string {
  if (isOfClasses(shown)) return classCardInWords(shown);
  const { version, card } = shown.version;
  const { words } = shown.model;
  const { training, label } = card;
  const evaluation = evaluationOfCard(card);
  const paragraphs = [
    `${card.model} ${version}: ${card.champion}\n${card.question}`,
    ...(card.population === undefined ? [] : [`Asked about: ${card.population}`]),
    `Learnt from ${training.rows} partner-months of ${training.partners} partners, ${formatDay(training.firstCutoff)} to ` +
      `${formatDay(training.lastCutoff)}, on record before ${formatDay(card.trainedUntil)}; to ${training.happened} it ` +
      `happened (${label.name}, ${label.horizonDays} days).`,
    `${card.verdict} ${tellTrackRecord(card.trackRecord, words)}`,
    ...tellClaims(claimsOfCard(card)),
    ...(evaluation ? [figureTable(evaluation.estimators, PAST_METRICS)] : []),
    ...(card.nullTest ? [tellNullTest(card.nullTest, card.champion)] : []),
    ...(card.contest ? [card.contest.because] : []),
    ...(shown.watch ? [tellDrift(shown.watch.drift)] : []),
    ...shown.scoreboard.slice(0, 4).map(({ asOf, result }) => `List of ${formatDay(asOf)}: ${tellList(result, words)}`),
    ['Not for:', ...(card.notFor ?? []).map((use) => `- ${use}`)].join('\n'),
    card.caution,
  ];
  return paragraphs.join('\n\n');
}
