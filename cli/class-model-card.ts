import { formatDay } from '../features/index.ts';
import {
  CLASS_METRICS,
  type ClassEvaluation,
  type ClassScoringModel,
  evaluationOfClassCard,
  tellClassList,
  tellDrift,
  writePercent,
} from '../models/index.ts';
import type { ShownVersion } from '../serve/index.ts';
import { figureTable } from './figure-table.ts';

type Shown = ShownVersion<ClassScoringModel>;

/** The figures of a card of classes, in the columns of `models card --csv`. */
export function classFigures({ version: { model, version, card } }: Shown): (string | number)[][] {
  return (evaluationOfClassCard(card)?.estimators ?? []).flatMap(({ name, figures }) =>
    CLASS_METRICS.map((figure) => {
      const { value, low, high } = figures[figure];
      return [model, version, name, figure, value, low, high];
    }),
  );
}

/** What should be known of a version of classes before it is trusted. */
export function classCardInWords(shown: Shown): string {
  const { version, card } = shown.version;
  const { training, label } = card;
  const evaluation = evaluationOfClassCard(card);
  const came = card.classes.map((name, k) => `${name} ${training.happened[k]}`).join(', ');
  const paragraphs = [
    `${card.model} ${version}: ${card.champion}\n${card.question}`,
    ...(card.population === undefined ? [] : [`Asked about: ${card.population}`]),
    `Learnt from ${training.rows} partner-months of ${training.partners} partners, ${formatDay(training.firstCutoff)} to ` +
      `${formatDay(training.lastCutoff)}, on record before ${formatDay(card.trainedUntil)}: ${came} ` +
      `(${label.name}, ${label.horizonDays} days).`,
    card.verdict,
    ...(evaluation ? [figureTable(evaluation.estimators, CLASS_METRICS), tellCalibration(evaluation)] : []),
    ...(card.contest ? [card.contest.because] : []),
    ...(shown.watch ? [tellDrift(shown.watch.drift)] : []),
    ...shown.scoreboard.slice(0, 4).map(({ asOf, result }) => `List of ${formatDay(asOf)}: ${tellClassList(result)}`),
    ['Not for:', ...(card.notFor ?? []).map((use) => `- ${use}`)].join('\n'),
    card.caution,
  ];
  return paragraphs.join('\n\n');
}

function tellCalibration({ calibration }: ClassEvaluation): string {
  const told = calibration.map(
    ({ class: name, said, came }) =>
      `${name} ${writePercent(said)} was said, ${writePercent(came.value)} came ` +
      `(${Math.round(100 * came.low)}–${Math.round(100 * came.high)})`,
  );
  return `On average of ${told.join('; of ')}.`;
}
