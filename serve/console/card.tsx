import {
  claimsOfCard,
  evaluationOfCard,
  inputsOfCard,
  type ModelCard,
  type OutcomeWords,
  type PastEvaluation,
  replaysOfCard,
  tellClaims,
  tellNullTest,
  tellSuspicious,
  tellTrackRecord,
  writePercent,
} from '../../models/index.ts';
import type { ShownVersion } from '../shown-version.ts';
import { Chart, Estimators, Facts, Figure, Folding, NotFor, State, Versions } from './card-parts.tsx';
import { PastMondays } from './past-mondays.tsx';
import { saidAgainstHappened } from './risks.tsx';
import { Watching } from './watching.tsx';
import { longDay } from './words.ts';

/** What a card shows. */
export interface CardPage {
  shown: ShownVersion;
  /** Drawn charts as SVG; null where there is nothing to draw. */
  charts: { reliability: string | null; gains: string | null };
  /** The past day that is looked at, where one was asked for. */
  day: string | undefined;
  /** Whether it stands alone, as a file: without links to other pages. */
  alone: boolean;
}

/** Everything people should know of a version before they trust it. */
export function Card({ shown, charts, day, alone }: CardPage) {
  const { card } = shown.version;
  const evaluation = evaluationOfCard(card);
  return (
    <>
      <h1>Model card: {card.model}</h1>
      <p class="headline">
        <strong>{card.question}</strong> {tellTrackRecord(card.trackRecord, shown.model.words)}
      </p>
      <State shown={shown} />
      <Facts shown={shown} {...tellLearnt(card)} />
      <NotFor {...card} />
      <h2 id="past">How good it was</h2>
      <p class="headline">{card.verdict}</p>
      {tellClaims(claimsOfCard(card)).map((sentence) => (
        <p>{sentence}</p>
      ))}
      {evaluation ? (
        <Evaluation evaluation={evaluation} card={card} charts={charts} words={shown.model.words} />
      ) : (
        <p class="empty">There was too little past to foretell any of it, so how good it is is not known.</p>
      )}
      {replaysOfCard(card).length > 0 && <PastMondays shown={shown} day={day} alone={alone} />}
      <Watching shown={shown} />
      {evaluation && evaluation.segments.length > 0 && <Segments evaluation={evaluation} />}
      <Inputs card={card} alone={alone} />
      <Versions shown={shown} alone={alone} />
    </>
  );
}

/** What is foretold, and to how many of those learnt from it happened. */
function tellLearnt({ training, label }: ModelCard): { foretells: string; came: string } {
  const from = label.gapDays > 0 ? `that begin ${label.gapDays} days after` : 'after';
  return {
    foretells: `${label.name}, in the ${label.horizonDays} days ${from} the score`,
    came: `; to ${training.happened} (${writePercent(training.baseRate)}) it happened`,
  };
}

const FIGURES: readonly [metric: string, name: string][] = [
  ['auc', 'AUC'],
  ['average_precision', 'Average precision'],
  ['log_loss', 'Log loss'],
  ['brier', 'Brier'],
  ['lift_at_10', 'Lift in the top tenth'],
];

function Evaluation({
  evaluation,
  card,
  charts,
  words,
}: Pick<CardPage, 'charts'> & { evaluation: PastEvaluation; card: ModelCard; words: OutcomeWords }) {
  const { rows, partners, happened, from, to, estimators } = evaluation;
  return (
    <>
      <p class="about">
        {longDay(from)} to {longDay(to)}, foretold from rows that it was not among (months that had matured before, of
        new partners other partners): {rows} partner-months of {partners} partners, {happened} of them {words.happened}.
      </p>
      <Estimators estimators={estimators} figures={FIGURES} />
      <p class="about">
        Log loss of all that competed:{' '}
        {card.contenders.map(({ name, logLoss }) => `${name} ${logLoss?.toFixed(3) ?? 'unknown'}`).join(', ')}.
        {card.nullTest && ` ${tellNullTest(card.nullTest, card.champion)}`}
      </p>
      <div class="columns">
        <Chart svg={charts.reliability} caption={saidAgainstHappened(card, words.happened)} />
        <Chart svg={charts.gains} caption={tellGains(evaluation, words)} />
      </div>
    </>
  );
}

/** What the chart of gains shows, in a sentence. */
export function tellGains({ gains }: PastEvaluation, { happened, rule }: OutcomeWords): string {
  const fifth = gains.find(({ called }) => called === 0.2);
  if (!fifth) return 'How many are found by calling the first so many.';
  const { found, byRecency } = fifth;
  return (
    `Calling the first fifth finds ${writePercent(found.value)} of those that ${happened} ` +
    `(${Math.round(100 * found.low)}–${Math.round(100 * found.high)}); the ${rule} rule, dotted, ${writePercent(byRecency)}.`
  );
}

function Segments({ evaluation }: { evaluation: PastEvaluation }) {
  return (
    <>
      <h2>Parts of the program</h2>
      <p class="about">
        Where what was said lies outside the interval of what happened, the part is over- or underestimated; that is
        told only where there are enough partners.
      </p>
      <Folding label="Parts of the program">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="number">
              Partners
            </th>
            <th scope="col" class="number">
              Happened
            </th>
            <th scope="col" class="number">
              Said
            </th>
            <th scope="col" class="number">
              AUC
            </th>
          </tr>
        </thead>
        <tbody>
          {evaluation.segments.flatMap(({ by, segments }) =>
            segments.map(({ name, partners, baseRate, predicted, auc }) => (
              <tr key={`${by} ${name}`}>
                <th scope="row">
                  {name} <span class="about">{by}</span>
                </th>
                <td class="number" data-label="Partners">
                  {partners}
                </td>
                <td class="number" data-label="Happened">
                  {writePercent(baseRate.value)}
                  <span class="about">
                    {Math.round(100 * baseRate.low)}–{Math.round(100 * baseRate.high)} %
                  </span>
                </td>
                <td class="number" data-label="Said">
                  {writePercent(predicted)}
                  {auc !== null && predicted < baseRate.low && <span class="about">▼ underestimated</span>}
                  {auc !== null && predicted > baseRate.high && <span class="about">▲ overestimated</span>}
                </td>
                <td class="number" data-label="AUC">
                  <Figure figure={auc} />
                </td>
              </tr>
            )),
          )}
        </tbody>
      </Folding>
    </>
  );
}

function Inputs({ card, alone }: { card: ModelCard; alone: boolean }) {
  const inputs = inputsOfCard(card);
  const suspicion = inputs && tellSuspicious(inputs);
  return (
    <>
      <h2>What it looks at</h2>
      {suspicion !== null && <p class="notice">{suspicion}</p>}
      {inputs && (
        <p>
          {inputs.features} features, of which {inputs.unknown.length} were unknown everywhere and{' '}
          {inputs.constant.length} the same for everyone.{' '}
          {inputs.drifted.length > 0 &&
            `Its last month of training differs from those before in ${inputs.drifted.map(({ feature }) => feature).join(', ')}.`}
        </p>
      )}
      {card.features !== undefined && (
        <details>
          <summary>Every feature by name</summary>
          <p>{card.features.join(', ')}</p>
          {!alone && (
            <p class="about">
              What each of them is: <a href={`/v1/features/${encodeURIComponent(card.model)}`}>/v1/features</a>
            </p>
          )}
        </details>
      )}
    </>
  );
}
