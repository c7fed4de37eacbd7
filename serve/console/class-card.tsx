import {
  type ClassEvaluation,
  type ClassModelCard,
  type ClassScoringModel,
  evaluationOfClassCard,
  writePercent,
} from '../../models/index.ts';
import type { ShownVersion } from '../shown-version.ts';
import { Chart, Estimators, Facts, Folding, NotFor, State, Versions } from './card-parts.tsx';
import { ClassWatching } from './class-watching.tsx';
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
      <Facts shown={shown} {...tellLearnt(card)} />
      <NotFor {...card} />
      <h2 id="past">How good it was</h2>
      {evaluation ? (
        <Evaluation evaluation={evaluation} charts={charts} />
      ) : (
        <p class="empty">There was too little past to foretell any of it, so how good it is is not known.</p>
      )}
      <ClassWatching shown={shown} />
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

/** What is foretold, and how often each class came among those learnt from. */
function tellLearnt({ training, label, classes }: ClassModelCard): { foretells: string; came: string } {
  const share = (rows: number) => writePercent(rows / training.rows);
  const came = classes.map((name, k) => `${name} ${training.happened[k]} (${share(training.happened[k])})`);
  return {
    foretells: `${label.name}: which of ${classes.join(', ')}, in the ${label.horizonDays} days after the score`,
    came: `: ${came.join(', ')}`,
  };
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
      <Estimators estimators={estimators} figures={FIGURES} />
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
