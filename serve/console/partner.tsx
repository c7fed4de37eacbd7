import { type ScoringModel, type Survival, survivalAt, writeMoney, writePercent } from '../../models/index.ts';
import type { DatedLifecycle, Partner, PartnerClassScore, PartnerScore, StoredNudge } from '../../store/index.ts';
import { LifecycleLine } from './lifecycle.tsx';
import { PromiseDetail, pastTitle } from './promise.tsx';
import { ReasonsTable } from './reasons-table.tsx';
import { Band } from './risks.tsx';
import { type PastScore, ScoreHistory } from './score-history.tsx';
import { SurvivalChart } from './survival-chart.tsx';
import { Trajectory } from './trajectory.tsx';
import { longDay, relativeDays } from './words.ts';

/** What the page of one partner shows. */
export interface PartnerPage {
  partner: Partner;
  /** Null when the partner is not at risk of anything: it does no business, or has ended. */
  score: PartnerScore | null;
  history: readonly PastScore[];
  /** Where it stands; null until a daily run has told it. */
  lifecycle: DatedLifecycle | null;
  /** Scores of which high is good, where they apply, with how they went. */
  promises: readonly { model: ScoringModel; score: PartnerScore | null; history: readonly PastScore[] }[];
  nudges: readonly StoredNudge[];
  /** Null when too little business was done to have a trajectory, or none has been scored. */
  trajectory: PartnerClassScore | null;
  now: number;
}

/** One partner: how it stands, why, on what evidence. */
export function PartnerDetail({ partner, score, history, lifecycle, promises, nudges, trajectory, now }: PartnerPage) {
  const about = [partner.type, partner.tier, partner.country, partner.industry].filter((each) => each !== null);
  return (
    <>
      <p>
        <a href="/risks">← Partners at risk</a>
      </p>
      <h1>{partner.name}</h1>
      <p class="about">
        {[partner.id, ...about].join(' · ')}
        {partner.owner !== null && ` · owner ${partner.owner}`}
        {partner.signedOn !== null && ` · signed ${longDay(Date.parse(partner.signedOn))}`}
        {partner.isStub && ' · named by events only; no partner row defines it'}
      </p>
      {lifecycle && <LifecycleLine lifecycle={lifecycle} />}
      {promises.map(
        ({ model, score: promise }) => promise && <PromiseDetail key={model.name} model={model} score={promise} />,
      )}
      {score === null ? (
        <p class="empty">
          No churn risk: only partners with at least three business events ever, one of them in the last 90 days, and a
          running agreement can be about to leave.
        </p>
      ) : (
        <ScoreDetail score={score} now={now} />
      )}
      <Trajectory score={trajectory} />
      {history.length > 1 && <ScoreHistory title="Churn risk so far" history={history} />}
      {promises.map(
        ({ model, history: past }) =>
          past.length > 1 && <ScoreHistory key={model.name} title={pastTitle(model)} history={past} />,
      )}
      {nudges.length > 0 && <Nudges nudges={nudges} />}
    </>
  );
}

function ScoreDetail({ score, now }: { score: PartnerScore; now: number }) {
  const { evidence } = score;
  const most = Math.max(1, ...evidence.weeks);
  return (
    <>
      <section class="facts">
        <p class="spread">
          <Band score={score} />
        </p>
        <p>
          <strong>Next:</strong> {score.action} <span class="about">playbook, unproven</span>
        </p>
        <dl>
          <dt>Value at risk</dt>
          <dd>
            {score.valueAtRiskMinor === null || score.currency === null
              ? 'not known'
              : writeMoney(score.valueAtRiskMinor, score.currency)}
          </dd>
          <dt>Expected if it stays</dt>
          <dd>
            {evidence.expectedMinor === undefined || score.currency === null
              ? 'not known'
              : `${writeMoney(evidence.expectedMinor, score.currency)} in ${score.horizonDays} days`}
          </dd>
          <dt>Last business</dt>
          <dd>{evidence.lastBusiness === null ? 'none' : relativeDays(evidence.lastBusiness, score.asOf)}</dd>
          <dt>Last sign of life</dt>
          <dd>{evidence.lastSignOfLife === null ? 'none' : relativeDays(evidence.lastSignOfLife, score.asOf)}</dd>
          <dt>Renewal</dt>
          <dd>{evidence.renewsOn === null ? 'not known' : relativeDays(evidence.renewsOn, now)}</dd>
        </dl>
      </section>
      {score.survival && <Ahead survival={score.survival} horizonDays={score.horizonDays} />}
      <section aria-labelledby="why">
        <h2 id="why">Why</h2>
        <ReasonsTable score={score} />
      </section>
      <section aria-labelledby="evidence">
        <h2 id="evidence">Business per week, the last year to {longDay(score.asOf)}</h2>
        <svg
          class="weeks"
          viewBox={`0 0 ${evidence.weeks.length * 10} 60`}
          role="img"
          aria-label={`Business events per week, at most ${most}`}
        >
          {evidence.weeks.map((count, week) => (
            <rect key={week} x={week * 10 + 1} width="8" y={60 - (count * 56) / most} height={(count * 56) / most} />
          ))}
        </svg>
      </section>
    </>
  );
}

/** The days at which the curve is said in numbers. */
const MARKED = [30, 90, 180];

/** How the probability goes on: at 30, 90 and 180 days, and the curve between. */
function Ahead({ survival, horizonDays }: { survival: Survival; horizonDays: number }) {
  const told = MARKED.flatMap((day) => {
    const at = survivalAt(survival, day);
    return at === null ? [] : [{ day, ...at }];
  });
  const finding = told.map(({ day, probability }) => `${day} days ${writePercent(probability)}`).join(', ');
  return (
    <section aria-labelledby="ahead">
      <h2 id="ahead">No business for {finding}</h2>
      <div class="columns">
        <SurvivalChart
          survival={survival}
          said={`Chance of no business, or of an end, for so many days: ${finding}`}
          marked={told.map(({ day }) => day)}
        />
        <div>
          <table>
            <thead>
              <tr>
                <th scope="col">From now</th>
                <th scope="col" class="number">
                  No business, or ended
                </th>
                <th scope="col">90 % interval</th>
              </tr>
            </thead>
            <tbody>
              {told.map(({ day, probability, low, high }) => (
                <tr key={day}>
                  <td>{day} days</td>
                  <td class="number">{writePercent(probability)}</td>
                  <td>
                    {Math.round(100 * low)}–{Math.round(100 * high)} %
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="about">
            The chance that the silence lasts so long: it falls with time, since the next deal may still come. The
            published risk is that of {horizonDays} days; the others follow from it by how long such silences lasted.
          </p>
        </div>
      </div>
    </section>
  );
}

function Nudges({ nudges }: Pick<PartnerPage, 'nudges'>) {
  return (
    <section aria-labelledby="nudges">
      <h2 id="nudges">Nudges</h2>
      <ul>
        {nudges.map((nudge) => (
          <li key={nudge.nudgeId}>
            {longDay(nudge.episodeStart)}: {nudge.because} –{' '}
            {nudge.assignment === 'hold-out' ? 'held out' : (nudge.delivery ?? 'not sent (dry)')}
          </li>
        ))}
      </ul>
    </section>
  );
}
