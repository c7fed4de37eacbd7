import { writePercent } from '../../models/index.ts';
import type { PartnerClassScore } from '../../store/index.ts';
import { longDay } from './words.ts';

/** Log-odds of ×1.05. */
const WORTH_TELLING = Math.log(1.05);
/** What a class means to a reader, by its name. */
const MEANINGS: Readonly<Record<string, string>> = {
  grow: 'at least a quarter more business, and 3 events more',
  stagnate: 'about as much business, or less',
  churn: 'no business at all, or the agreement ended',
};

/** Which way a partner is heading: the chances of all classes with their intervals, and why. */
export function Trajectory({ score }: { score: PartnerClassScore | null }) {
  if (score === null) return <NoTrajectory />;
  const { chances, likeliest, horizonDays, asOf } = score;
  const most = chances.find((chance) => chance.class === likeliest);
  return (
    <section aria-labelledby="trajectory">
      <h2 id="trajectory">
        Most likely to {likeliest} in {horizonDays} days: {writePercent(most?.probability ?? 0)}
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Heading to</th>
            <th scope="col" class="number">
              Chance
            </th>
            <th scope="col">90 % interval, 0 to 100 %</th>
          </tr>
        </thead>
        <tbody>
          {[...chances].reverse().map(({ class: name, probability, low, high }) => (
            <tr key={name}>
              <th scope="row">
                {name} <span class="about">{MEANINGS[name]}</span>
              </th>
              <td class="number">{writePercent(probability)}</td>
              <td>
                <svg
                  class="chance"
                  viewBox="0 0 100 10"
                  role="img"
                  aria-label={`${Math.round(100 * low)} to ${Math.round(100 * high)} %`}
                >
                  <line x1="0" y1="5" x2="100" y2="5" />
                  <rect x={100 * low} y="3" width={Math.max(0.5, 100 * (high - low))} height="4" />
                  <circle cx={100 * probability} cy="5" r="3" />
                </svg>{' '}
                {Math.round(100 * low)}–{Math.round(100 * high)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Why score={score} />
      <p class="about">
        As of {longDay(asOf)}, of partners with 5 business events or more in the 180 days before. Told is the class that
        differs most from what would be said of anybody. Growth is held against an earlier half-year, so that a poor one
        makes it likelier; reasons are associations in past behaviour, not causes.
      </p>
    </section>
  );
}

function Why({ score: { toward, ratherThan, reasons } }: { score: PartnerClassScore }) {
  const told = reasons.filter(({ log_odds }) => Math.abs(log_odds) >= WORTH_TELLING);
  if (told.length === 0) return <p>Nothing that is known of this partner sets it apart: the same is said of most.</p>;
  const canClear = told.some(({ clears }) => clears !== null);
  return (
    <>
      <h3>
        Why {toward} rather than {ratherThan}
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Effect
            </th>
            {canClear && <th scope="col">Clears with</th>}
          </tr>
        </thead>
        <tbody>
          {told.map((reason) => (
            <tr key={reason.topic} class={reason.plain ? '' : 'quiet'}>
              <td>{reason.text}</td>
              <td class="number">
                {reason.log_odds > 0 ? '▲ for' : '▼ against'} ×{Math.exp(Math.abs(reason.log_odds)).toFixed(1)}
              </td>
              {canClear && <td>{reason.clears ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function NoTrajectory() {
  return (
    <section aria-labelledby="trajectory">
      <h2 id="trajectory">Trajectory</h2>
      <p class="empty">
        Not told: only a partner at risk of leaving that did business at least five times in the last 180 days has a
        level to grow or fall from.
      </p>
    </section>
  );
}
