import {
  claimsOfCard,
  type ModelCard,
  mainReasons,
  replaysOfCard,
  type ScoringModel,
  tellClaims,
  tellTrackRecord,
  writeMoney,
  writeMoneyShort,
  writePercent,
} from '../../models/index.ts';
import type { PartnerScore, Publication, ScoreFilter } from '../../store/index.ts';
import { Sparkline } from './sparkline.tsx';
import { longDay, relativeDays } from './words.ts';

/** What the risk page shows. */
export interface RisksPage {
  model: ScoringModel;
  publication: Publication;
  card: ModelCard;
  scores: readonly PartnerScore[];
  filter: ScoreFilter;
  choices: { owners: string[]; tiers: string[]; types: string[] };
  summary: {
    high: number;
    medium: number;
    low: number;
    listed: number;
    listedValueMinor: number | null;
    currency: string | null;
  };
  /** The address of this page's rows as CSV. */
  csvHref: string;
  now: number;
  chart: string | null;
}

/** Facts older than this are told to be. */
const STALE_DAYS = 3;
const DAY = 86_400_000;

/** The Monday page: who, why, how much money, what now. */
export function Risks(page: RisksPage) {
  const { publication, scores, filter, card, now } = page;
  const stale = now - publication.watermark > STALE_DAYS * DAY;
  return (
    <>
      <h1>Partners at risk</h1>
      <Headline {...page} />
      {stale && (
        <p class="notice">
          The facts reach to {longDay(publication.watermark)} ({relativeDays(publication.watermark, now)}). Load newer
          ones, or read the list as of that day.
        </p>
      )}
      <Filters {...page} />
      {scores.length === 0 ? (
        <p class="empty">
          {isFiltered(filter) ? (
            <>
              Nobody fits this filter. <a href="/risks">Show the list of this week</a>
            </>
          ) : (
            'Nobody needs a look this week: no partner reaches the medium band.'
          )}
        </p>
      ) : (
        <RiskTable scores={scores} now={now} />
      )}
      <Trust card={card} chart={page.chart} model={page.model} publication={publication} />
    </>
  );
}

/** Whether anything but the list of the week is asked for. */
function isFiltered(filter: ScoreFilter): boolean {
  return Object.entries(filter).some(([key, value]) => key !== 'listed' && value !== undefined);
}

function Headline({ scores, card, summary, publication, filter }: RisksPage) {
  const { listedValueMinor, currency } = summary;
  return (
    <p class="headline">
      <strong>
        {filter.listed
          ? `${scores.length} to review.`
          : `${scores.length} of ${publication.scored} partners at risk shown.`}
      </strong>{' '}
      {listedValueMinor !== null && currency !== null && (
        <>
          <strong title={writeMoney(listedValueMinor, currency)}>{writeMoneyShort(listedValueMinor, currency)}</strong>{' '}
          is expected to be lost with this week's list in the next {card.label.horizonDays} days if nothing changes.{' '}
        </>
      )}
      {tellTrackRecord(card.trackRecord)}
    </p>
  );
}

function Filters({ filter, choices, csvHref }: RisksPage) {
  return (
    <search>
      <form class="filters" method="get" action="/risks">
        <label>
          Show{' '}
          <select name="show">
            <option value="listed" selected={filter.listed === true}>
              this week's list
            </option>
            <option value="all" selected={filter.listed === undefined}>
              everyone scored
            </option>
          </select>
        </label>
        <Choice name="tier" label="Tier" choices={choices.tiers} chosen={filter.tier} />
        <Choice name="type" label="Type" choices={choices.types} chosen={filter.type} />
        <Choice name="owner" label="Owner" choices={choices.owners} chosen={filter.owner} />
        <Choice name="band" label="Band" choices={['high', 'medium', 'low']} chosen={filter.band} />
        <label>
          Name <input type="search" name="q" value={filter.search ?? ''} maxLength={200} />
        </label>
        <button type="submit">Filter</button>
        <a class="button" href={csvHref}>
          Export CSV
        </a>
      </form>
    </search>
  );
}

function Choice({
  name,
  label,
  choices,
  chosen,
}: {
  name: string;
  label: string;
  choices: readonly string[];
  chosen?: string | undefined;
}) {
  return (
    <label>
      {label}{' '}
      <select name={name}>
        <option value="">All</option>
        {choices.map((choice) => (
          <option key={choice} value={choice} selected={choice === chosen}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}

function RiskTable({ scores, now }: { scores: readonly PartnerScore[]; now: number }) {
  return (
    <table class="risks">
      <thead>
        <tr>
          <th scope="col">Partner</th>
          <th scope="col">Risk, 90 days</th>
          <th scope="col">Why</th>
          <th scope="col" class="number">
            Value at risk
          </th>
          <th scope="col">Business, 12 months</th>
          <th scope="col">Next</th>
        </tr>
      </thead>
      <tbody>
        {scores.map((score) => (
          <RiskRow key={score.entityId} score={score} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function RiskRow({ score, now }: { score: PartnerScore; now: number }) {
  const { partner, evidence } = score;
  const about = [partner.type, partner.tier, partner.owner].filter((each) => each !== null);
  return (
    <tr tabIndex={-1} data-href={`/partners/${encodeURIComponent(score.entityId)}`}>
      <th scope="row">
        <a href={`/partners/${encodeURIComponent(score.entityId)}`}>{partner.name}</a>
        <span class="about">{[score.entityId, ...about].join(' · ')}</span>
      </th>
      <td data-label="Risk, 90 days">
        <Band score={score} />
      </td>
      <td data-label="Why">
        <Reasons score={score} />
      </td>
      <td data-label="Value at risk" class="number">
        <Money minor={score.valueAtRiskMinor} currency={score.currency} />
      </td>
      <td data-label="Business, 12 months">
        <Sparkline weeks={evidence.weeks} />
        <span class="about">
          {evidence.lastBusiness === null
            ? 'no business yet'
            : `last ${relativeDays(evidence.lastBusiness, score.asOf)}`}
        </span>
      </td>
      <td data-label="Next">
        {score.action}
        <span class="about">
          playbook, unproven
          {evidence.renewsOn !== null && ` · renewal ${relativeDays(evidence.renewsOn, now)}`}
          {score.listedSince !== null && ` · on the list since ${longDay(score.listedSince)}`}
        </span>
      </td>
    </tr>
  );
}

/** The band in words with the probability, its interval and how it changed. */
export function Band({ score }: { score: PartnerScore }) {
  const { band, probability, low, high, change } = score;
  return (
    <>
      <span class={`band ${band}`}>
        {band[0].toUpperCase() + band.slice(1)} {writePercent(probability)}
      </span>
      <span class="about" title="90 % interval, from refits on resampled partners">
        {Math.round(100 * low)}–{Math.round(100 * high)} %
      </span>
      <span class="about">{changeInWords(change)}</span>
    </>
  );
}

function changeInWords(change: number | null): string {
  if (change === null) return 'not scored a month ago';
  const points = Math.round(100 * change);
  if (points === 0) return '■ unchanged in 30 days';
  return points > 0 ? `▲ up ${points} points in 30 days` : `▼ down ${-points} points in 30 days`;
}

function Reasons({ score }: { score: PartnerScore }) {
  const { raising, against } = mainReasons(score.reasons);
  const clears = raising.find((reason) => reason.clears !== null)?.clears;
  return (
    <>
      <ul class="reasons">
        {raising.map((reason) => (
          <li key={reason.topic}>{reason.text}</li>
        ))}
        {against && <li class="against">But: {against.text}</li>}
      </ul>
      {clears && <span class="about">Clears with {clears}</span>}
    </>
  );
}

function Money({ minor, currency }: { minor: number | null; currency: string | null }) {
  if (minor === null || currency === null) return <span class="about">not known</span>;
  return <span title={writeMoney(minor, currency)}>{writeMoneyShort(minor, currency)}</span>;
}

function Trust({ card, chart, model, publication }: Pick<RisksPage, 'card' | 'chart' | 'model' | 'publication'>) {
  const { training, trackRecord } = card;
  return (
    <section class="trust" aria-labelledby="trust">
      <h2 id="trust">Can I trust this?</h2>
      <div class="columns">
        {chart && (
          <figure>
            <figcaption>{saidAgainstHappened(card, model.words.happened)}</figcaption>
            <div class="chart" dangerouslySetInnerHTML={{ __html: chart }} />
          </figure>
        )}
        <div>
          <p>
            {tellTrackRecord(trackRecord)}{' '}
            {replaysOfCard(card).length > 0 && <a href="/risks/replay">What we would have seen, and what happened</a>}
          </p>
          <p>{card.verdict}</p>
          {tellClaims(claimsOfCard(card)).map((sentence) => (
            <p>{sentence}</p>
          ))}
          <p class="about">
            The question: {model.question} Model {publication.version}: {card.champion}, learnt from {training.rows}{' '}
            partner-months of {training.partners} partners until {longDay(card.trainedUntil)};{' '}
            {writePercent(training.baseRate)} of them {model.words.happened}. Intervals of scores come from{' '}
            {card.refits} refits on resampled partners. {card.caution}
          </p>
        </div>
      </div>
    </section>
  );
}

/** What the chart shows, in a sentence about the bin that matters most: the highest. */
export function saidAgainstHappened({ reliability }: Pick<ModelCard, 'reliability'>, happened: string): string {
  const top = reliability.at(-1);
  if (!top) return 'Too few past predictions to compare with what happened.';
  return (
    `Of partners scored around ${writePercent(top.predicted)}, ${writePercent(top.observed)} ${happened} ` +
    `(${Math.round(100 * top.low)}–${Math.round(100 * top.high)}).`
  );
}
