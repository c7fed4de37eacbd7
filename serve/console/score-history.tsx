import { mainReasons, type Reason, writePercent } from '../../models/index.ts';
import { longDay } from './words.ts';

/** What was said of a partner on one day. */
export interface PastScore {
  asOf: number;
  probability: number;
  low: number;
  high: number;
  band: string;
  reasons: readonly Reason[];
}

/** A page of daily lists stays readable; the API has them all. */
const MOST = 60;
const WIDTH = 440;
const HEIGHT = 90;
const PAD = 6;

/** A score over time, with the reasons that each past list gave. */
export function ScoreHistory({ title, history }: { title: string; history: readonly PastScore[] }) {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  const shown = history.slice(-MOST).reverse();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <HistoryLine history={history} />
      <table class="history">
        <thead>
          <tr>
            <th scope="col">As of</th>
            <th scope="col" class="number">
              Probability
            </th>
            <th scope="col">90 % interval</th>
            <th scope="col">Band</th>
            <th scope="col">Reasons it gave</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ asOf, probability, low, high, band, reasons }) => (
            <tr key={asOf}>
              <td>{longDay(asOf)}</td>
              <td class="number">{writePercent(probability)}</td>
              <td>
                {Math.round(100 * low)}–{Math.round(100 * high)} %
              </td>
              <td>{band}</td>
              <td>
                <PastReasons reasons={reasons} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {history.length > MOST && <p class="about">{history.length - MOST} older ones: by the API.</p>}
    </section>
  );
}

function PastReasons({ reasons }: { reasons: readonly Reason[] }) {
  const { raising, against } = mainReasons(reasons);
  return (
    <details>
      <summary>{raising[0]?.text ?? against?.text ?? 'None worth telling'}</summary>
      <ul class="reasons">
        {raising.slice(1).map(({ topic, text }) => (
          <li key={topic}>{text}</li>
        ))}
        {against && <li class="against">But: {against.text}</li>}
      </ul>
    </details>
  );
}

/** The probability and its interval from the first day to the last. */
function HistoryLine({ history }: { history: readonly PastScore[] }) {
  const [first, last] = [history[0], history[history.length - 1]];
  const span = Math.max(1, last.asOf - first.asOf);
  const x = (at: number) => PAD + ((at - first.asOf) / span) * (WIDTH - 2 * PAD);
  const y = (share: number) => HEIGHT - PAD - share * (HEIGHT - 2 * PAD);
  const points = (of: (score: PastScore) => number) =>
    history.map((score) => `${x(score.asOf).toFixed(1)} ${y(of(score)).toFixed(1)}`);
  const said =
    `From ${writePercent(first.probability)} on ${longDay(first.asOf)} to ${writePercent(last.probability)} ` +
    `on ${longDay(last.asOf)}, from 0 to 100 %, with 90 % intervals`;
  return (
    <svg class="survival short" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      <title>{said}</title>
      <line class="grid" x1={PAD} x2={WIDTH - PAD} y1={y(0)} y2={y(0)} />
      <line class="grid" x1={PAD} x2={WIDTH - PAD} y1={y(1)} y2={y(1)} />
      <path
        class="interval"
        d={`M${points(({ high }) => high).join('L')}L${points(({ low }) => low)
          .reverse()
          .join('L')}Z`}
      />
      <path class="curve" d={`M${points(({ probability }) => probability).join('L')}`} />
    </svg>
  );
}
