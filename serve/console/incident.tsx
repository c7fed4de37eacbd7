import {
  explainIncident,
  tellIncident,
  tellSpan,
  wordsOf,
  writeMoney,
  writeMoneyShort,
  writeNumber,
} from '../../models/index.ts';
import { type StoredIncident, VERDICTS } from '../../store/index.ts';
import { longDay } from './words.ts';

/** What the page of one incident shows. */
export interface IncidentPage {
  incident: StoredIncident;
  /** Names of the partners that are shown, by id. */
  names: ReadonlyMap<string, string>;
  /** The timeline as SVG. */
  chart: string;
}

/** What people can say of an incident. */
export const VERDICT_WORDS: Record<(typeof VERDICTS)[number], string> = {
  real: 'Real',
  known_cause: 'Known cause',
  noise: 'Noise',
};

/** One incident: what happened, who else, since when. */
export function IncidentDetail({ incident, names, chart }: IncidentPage) {
  return (
    <>
      <p>
        <a href="/incidents">← What just changed</a>
      </p>
      <h1>{tellIncident(incident)}</h1>
      <p class="about">
        <Direction incident={incident} /> · {tellSpan(incident)}
        {incident.listedOn === null && ' · left out by the alert budget'}
      </p>
      <section class="facts">
        <dl>
          <dt>Where</dt>
          <dd>
            <Where incident={incident} names={names} />
          </dd>
          <dt>Worth so far</dt>
          <dd>
            <Worth incident={incident} />
          </dd>
          <dt>Expected</dt>
          <dd>
            {writeNumber(incident.expected, 'events')}, in nine weeks of ten {writeNumber(incident.low, 'events')}–
            {writeNumber(incident.high, 'events')}
          </dd>
        </dl>
        <p>{explainIncident(incident)}</p>
      </section>
      <figure class="timeline">
        <figcaption>{figureTitle(incident)}</figcaption>
        <div class="chart" dangerouslySetInnerHTML={{ __html: chart }} />
      </figure>
      <Others incident={incident} />
      <Affected incident={incident} names={names} />
      <Feedback incident={incident} />
    </>
  );
}

/** What the timeline shows, in a sentence. */
export function figureTitle({ metric, since, status, closedOn }: StoredIncident): string {
  const end = status === 'open' ? 'and still are' : `until ${longDay(closedOn as number)}`;
  return `${wordsOf(metric)} left what was to be expected in the week of ${longDay(since)}, ${end}`;
}

function Others({ incident: { others } }: Pick<IncidentPage, 'incident'>) {
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="others">
      <h2 id="others">What else changed with it</h2>
      <ul>
        {others.map(({ metric, observed, expected }) => (
          <li key={metric}>
            {wordsOf(metric)}: {writeNumber(observed, 'events')}, {writeNumber(expected, 'events')} expected
          </li>
        ))}
      </ul>
    </section>
  );
}

function Affected({ incident: { level, partners, absorbed }, names }: Pick<IncidentPage, 'incident' | 'names'>) {
  if (level === 'partner' || partners.length === 0) return null;
  return (
    <section aria-labelledby="who">
      <h2 id="who">Who shows it most</h2>
      {absorbed > 0 && <p class="about">One incident in place of {absorbed} alerts of single partners.</p>}
      <ul class="names">
        {partners.map((id) => (
          <li key={id}>
            <a href={`/partners/${encodeURIComponent(id)}`}>{names.get(id) ?? id}</a> <span class="about">{id}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Feedback({ incident: { id, verdict } }: Pick<IncidentPage, 'incident'>) {
  return (
    <section aria-labelledby="feedback">
      <h2 id="feedback">What was it?</h2>
      <form class="filters" method="post" action={`/incidents/${encodeURIComponent(id)}/feedback`}>
        {VERDICTS.map((each) => (
          <button key={each} type="submit" name="verdict" value={each} aria-pressed={each === verdict}>
            {each === verdict && <span aria-hidden="true">✓ </span>}
            {VERDICT_WORDS[each]}
          </button>
        ))}
      </form>
      <p class="about">
        {verdict === null ? 'Nothing has been said yet.' : `Said last: ${VERDICT_WORDS[verdict].toLowerCase()}.`} What
        you say is counted in how often incidents were right.
      </p>
    </section>
  );
}

/** The page of an id that no incident has. */
export function NoSuchIncident({ id }: { id: string }) {
  return (
    <>
      <h1>No such incident</h1>
      <p class="empty">
        There is no incident {JSON.stringify(id)}. <a href="/incidents">What just changed</a>
      </p>
    </>
  );
}

/** The direction in words and shape, never in colour alone. */
export function Direction({ incident: { direction, kind } }: { incident: StoredIncident }) {
  return (
    <>
      <span aria-hidden="true">{direction < 0 ? '▼' : '▲'}</span> {kind}
    </>
  );
}

/** Where it broke, with a link to a partner. @param names of partners, by id */
export function Where({
  incident: { level, entity },
  names,
}: { incident: StoredIncident } & Pick<IncidentPage, 'names'>) {
  if (level === 'program') return <>The whole program</>;
  if (level !== 'partner') {
    return (
      <>
        {level === 'feed' ? 'Data feed' : level === 'region' ? 'Region' : 'Type'} {entity}
      </>
    );
  }
  return (
    <>
      <a href={`/partners/${encodeURIComponent(entity)}`}>{names.get(entity) ?? entity}</a>
      <span class="about">{entity}</span>
    </>
  );
}

/** Money that is missing or extra so far. */
export function Worth({ incident: { moneyMinor, currency } }: { incident: StoredIncident }) {
  if (moneyMinor === null || currency === null) return <span class="about">not known</span>;
  const amount = Math.abs(moneyMinor);
  return (
    <span title={writeMoney(amount, currency)}>
      {writeMoneyShort(amount, currency)} {moneyMinor < 0 ? 'missing' : 'extra'}
    </span>
  );
}
