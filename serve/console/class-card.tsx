import {
  type ClassEvaluation,
  type ClassScoringModel,
  evaluationOfClassCard,
  writePercent,
} from '../../models/index.ts';
import type { ShownVersion } from '../shown-version.ts';
import { Chart, Figure, Folding, NotFor, State, Versions } from './card-parts.tsx';
import { Inputs } from './watching.tsx';
import { longDay } from './words.ts';

/** What a card of a model of classes shows. */
export interface ClassCardPage {
  shown: ShownVersion<ClassScoringModel>;
  /** Per class what was said against what came, as SVG; none where there is too little past. */
  charts: readonly ClassChart[];
  /** Whether it stands alone, as a file: without links to other pages. */
  alone: boolean;
}

interface ClassChart {
  name: string;
  svg: string | null;
  caption: string;
}

/** Everything people should know of a version of classes before they trust it. */
export function ClassCard({ shown, charts, alone }: ClassCardPage) {
  const { card } = shown.version;
  const evaluation = evaluationOfClassCard(card);
  return (
    <>
      <h1>Model card: {card.model}</h1>
      <p class="headline">
        <strong>{card.question}</strong> {card.verdict}
      </p>
      <State shown={shown} />
      <Facts shown={shown} />
      <NotFor {...card} />
      <h2 id="past">How good it was</h2>
      {evaluation ? (
        <Evaluation evaluation={evaluation} charts={charts} />
      ) : (
        <p class="empty">There was too little past to foretell any of it, so how good it is is not known.</p>
      )}
      <section aria-labelledby="watching">
        <Inputs watch={shown.watch} />
      </section>
      {card.features !== undefined && (
        <>
          <h2>What it looks at</h2>
          <details>
            <summary>Every one of its {card.features.length} features by name</summary>
            <p>{card.features.join(', ')}</p>
          </details>
        </>
      )}
      <Versions shown={shown} alone={alone} />
    </>
  );
}

function Facts({ shown: { version: registered } }: Pick<ClassCardPage, 'shown'>) {
  const { card, version } = registered;
  const { training, label } = card;
  return (
    <dl>
      <dt>Version</dt>
      <dd>
        {version}: {card.champion}
      </dd>
      {card.population !== undefined && (
        <>
          <dt>Asked about</dt>
          <dd>{card.population}</dd>
        </>
      )}
      <dt>Foretells</dt>
      <dd>
        {label.name}: which of {card.classes.join(', ')}, in the {label.horizonDays} days after the score
      </dd>
      <dt>Learnt from</dt>
      <dd>
        {training.rows} partner-months of {training.partners} partners, {longDay(training.firstCutoff)} to{' '}
        {longDay(training.lastCutoff)}:{' '}
        {card.classes
          .map((name, k) => `${name} ${training.happened[k]} (${writePercent(training.happened[k] / training.rows)})`)
          .join(', ')}
      </dd>
      <dt>On record</dt>
      <dd>
        before {longDay(card.trainedUntil)}
        {card.watermark !== undefined && `; facts complete until ${longDay(card.watermark)}`}
      </dd>
      <dt>Intervals</dt>
      <dd>of scores: 90 %, from {card.refits} refits on resampled partners; of figures here: 95 %, over partners</dd>
    </dl>
  );
}

const FIGURES: readonly [metric: string, name: string][] = [
  ['rps', 'RPS (lower is better)'],
  ['log_loss', 'Log loss (lower is better)'],
  ['macro_f1', 'Macro-F1 (higher is better)'],
];

function Evaluation({ evaluation, charts }: Pick<ClassCardPage, 'charts'> & { evaluation: ClassEvaluation }) {
  const { rows, partners, from, to, estimators, calibration } = evaluation;
  return (
    <>
      <p class="about">
        The later half of the training time, {longDay(from)} to {longDay(to)}, foretold by rolling origin from what had
        matured before: {rows} partner-months of {partners} partners.
      </p>
      <Folding label="The champion beside the rules of thumb">
        <thead>
          <tr>
            <th scope="col">Estimator</th>
            {FIGURES.map(([metric, name]) => (
              <th key={metric} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {estimators.map(({ name, figures }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {FIGURES.map(([metric, title]) => (
                <td key={metric} class="number" data-label={title}>
                  <Figure figure={figures[metric]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Folding>
      <Calibration calibration={calibration} />
      <div class="columns">
        {charts.map(({ name, svg, caption }) => (
          <Chart key={name} svg={svg} caption={caption} />
        ))}
      </div>
    </>
  );
}

function Calibration({ calibration }: Pick<ClassEvaluation, 'calibration'>) {
  return (
    <>
      <h3>Whether probabilities mean what they say</h3>
      <Folding label="Each class: how often it was said, and how often it came">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              Said
            </th>
            <th scope="col" class="number">
              Came
            </th>
          </tr>
        </thead>
        <tbody>
          {calibration.map(({ class: name, said, came }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number" data-label="Said">
                {writePercent(said)}
                {said < came.low && <span class="about">▼ too seldom</span>}
                {said > came.high && <span class="about">▲ too often</span>}
              </td>
              <td class="number" data-label="Came">
                {writePercent(came.value)}
                <span class="about">
                  {Math.round(100 * came.low)}–{Math.round(100 * came.high)} %
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </Folding>
    </>
  );
}
