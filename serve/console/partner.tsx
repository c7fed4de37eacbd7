import { formatDay } from '../../features/index.ts';
import { writeMoney, writePercent } from '../../models/index.ts';
import type { Partner, PartnerClassScore, PartnerScore, StoredNudge } from '../../store/index.ts';
import { Band } from './risks.tsx';
import { Trajectory } from './trajectory.tsx';
import { longDay, relativeDays } from './words.ts';

/** Log-odds of ×1.05. */
const WORTH_TELLING = Math.log(1.05);

/** What the page of one partner shows. */
export interface PartnerPage {
  partner: Partner;
  /** Null when the partner is not at risk of anything: it does no business, or has ended. */
  score: PartnerScore | null;
  history: readonly { asOf: number; probability: number; low: number; high: number; band: string }[];
  nudges: readonly StoredNudge[];
  /** Null when too little business was done to have a trajectory, or none has been scored. */
  trajectory: PartnerClassScore | null;
  now: number;
}

/** One partner: how it stands, why, on what evidence. */
export function PartnerDetail({ partner, score, history, nudges, trajectory, now }: PartnerPage) {
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
      {score === null ? (
        <p class="empty">
          Not scored: only partners with at least three business events ever, one of them in the last 90 days, and a
          running agreement can be about to leave.
        </p>
      ) : (
        <ScoreDetail score={score} now={now} />
      )}
      <Trajectory score={trajectory} />
      {history.length > 1 && <ScoreHistory history={history} />}
      {nudges.length > 0 && <Nudges nudges={nudges} />}
    </>
  );
}

function ScoreDetail({ score, now }: { score: PartnerScore; now: number }) {
  const { evidence, reasons } = score;
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
          <dt>Last business</dt>
          <dd>{evidence.lastBusiness === null ? 'none' : relativeDays(evidence.lastBusiness, score.asOf)}</dd>
          <dt>Last sign of life</dt>
          <dd>{evidence.lastSignOfLife === null ? 'none' : relativeDays(evidence.lastSignOfLife, score.asOf)}</dd>
          <dt>Renewal</dt>
          <dd>{evidence.renewsOn === null ? 'not known' : relativeDays(evidence.renewsOn, now)}</dd>
        </dl>
      </section>
      <section aria-labelledby="why">
        <h2 id="why">Why</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Effect</th>
              <th scope="col">Clears with</th>
            </tr>
          </thead>
          <tbody>
            {reasons
              .filter(({ log_odds }) => Math.abs(log_odds) >= WORTH_TELLING)
              .map((reason) => (
                <tr key={reason.topic} class={reason.plain ? '' : 'quiet'}>
                  <td>{reason.text}</td>
                  <td class="number">
                    {reason.log_odds > 0 ? '▲ raises' : '▼ lowers'} the odds ×
                    {Math.exp(Math.abs(reason.log_odds)).toFixed(1)}
                  </td>
                  <td>{reason.clears ?? '–'}</td>
                </tr>
              ))}
          </tbody>
        </table>
        <p class="about">
          Reasons are associations in past behaviour, not causes; effects below ×1.05 are left out, and the grey ones
          hold only together with others. {missing(score)}
        </p>
      </section>
      <section aria-labelledby="evidence">
        <h2 id="evidence">Business per week, the last year to {formatDay(score.asOf)}</h2>
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

function missing({ missing: names }: PartnerScore): string {
  return names.length === 0 ? '' : `Not known for this partner: ${names.join(', ')}.`;
}

function ScoreHistory({ history }: Pick<PartnerPage, 'history'>) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">Scores so far</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">As of</th>
            <th scope="col" class="number">
              Probability
            </th>
            <th scope="col">90 % interval</th>
            <th scope="col">Band</th>
          </tr>
        </thead>
        <tbody>
          {[...history].reverse().map(({ asOf, probability, low, high, band }) => (
            <tr key={asOf}>
              <td>{longDay(asOf)}</td>
              <td class="number">{writePercent(probability)}</td>
              <td>
                {Math.round(100 * low)}–{Math.round(100 * high)} %
              </td>
              <td>{band}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
