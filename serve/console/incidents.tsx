import { formatDay } from '../../features/index.ts';
import {
  explainIncident,
  precisionOf,
  tellIncident,
  tellSpan,
  type Verdicts,
  wilson,
  wordsOf,
  writeMoney,
  writeMoneyShort,
  writeNumber,
} from '../../models/index.ts';
import { type IncidentWeek, type StoredIncident, VERDICTS } from '../../store/index.ts';
import { tellIncidentWeek } from '../incident-rows.ts';
import { longDay } from './words.ts';

/** What the page of incidents shows. */
export interface IncidentsPage {
  incidents: readonly StoredIncident[];
  show: 'listed' | 'all';
  week: IncidentWeek | null;
  verdicts: Verdicts;
  /** Names of the partners among them, by id. */
  names: ReadonlyMap<string, string>;
}

const VERDICT_WORDS: Record<(typeof VERDICTS)[number], string> = {
  real: 'Real',
  known_cause: 'Known cause',
  noise: 'Noise',
};

/** What just changed: the few incidents of the week, and those that are over. */
export function Incidents({ incidents, show, week, verdicts, names }: IncidentsPage) {
  const open = incidents.filter(({ status }) => status === 'open');
  const closed = incidents.filter(({ status }) => status === 'closed');
  return (
    <>
      <h1>What just changed</h1>
      <p class="headline">{tellIncidentWeek(week)}</p>
      <form class="filters" method="get" action="/incidents">
        <label>
          Show{' '}
          <select name="show">
            <option value="listed" selected={show === 'listed'}>
              what the alert budget allows
            </option>
            <option value="all" selected={show === 'all'}>
              everything found
            </option>
          </select>
        </label>
        <button type="submit">Show</button>
      </form>
      <h2>Open</h2>
      {open.length === 0 ? (
        <p class="empty">
          Nothing is open: every partner, region and feed of which enough is expected did what it usually does.
        </p>
      ) : (
        <IncidentTable incidents={open} names={names} label="Open incidents, by severity" />
      )}
      {closed.length > 0 && (
        <>
          <h2>Over</h2>
          <IncidentTable incidents={closed} names={names} label="Incidents that are over" />
        </>
      )}
      <Trust verdicts={verdicts} />
    </>
  );
}

function IncidentTable({ incidents, names, label }: Pick<IncidentsPage, 'incidents' | 'names'> & { label: string }) {
  return (
    <table class="risks" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">What changed</th>
          <th scope="col">Where</th>
          <th scope="col">Since</th>
          <th scope="col" class="number">
            Worth
          </th>
          <th scope="col">Said of it</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} names={names} />
        ))}
      </tbody>
    </table>
  );
}

function IncidentRow({ incident, names }: { incident: StoredIncident } & Pick<IncidentsPage, 'names'>) {
  const { id, since, verdict, absorbed, level, listedOn } = incident;
  const href = `/incidents/${encodeURIComponent(id)}`;
  return (
    <tr tabIndex={-1} data-href={href}>
      <th scope="row">
        <a href={href}>{tellIncident(incident)}</a>
        <span class="about">
          <Direction incident={incident} />
          {level !== 'partner' && absorbed > 0 && ` · stands for ${absorbed} alerts of single partners`}
          {listedOn === null && ' · left out by the alert budget'}
        </span>
      </th>
      <td data-label="Where">
        <Where incident={incident} names={names} />
      </td>
      <td data-label="Since">{longDay(since)}</td>
      <td data-label="Worth" class="number">
        <Worth incident={incident} />
      </td>
      <td data-label="Said of it">
        {verdict === null ? <span class="about">nothing yet</span> : VERDICT_WORDS[verdict]}
      </td>
    </tr>
  );
}

/** The direction in words and shape, never in colour alone. */
function Direction({ incident: { direction, kind } }: { incident: StoredIncident }) {
  return (
    <>
      <span aria-hidden="true">{direction < 0 ? '▼' : '▲'}</span> {kind}
    </>
  );
}

function Where({ incident: { level, entity }, names }: { incident: StoredIncident } & Pick<IncidentsPage, 'names'>) {
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

function Worth({ incident: { moneyMinor, currency } }: { incident: StoredIncident }) {
  if (moneyMinor === null || currency === null) return <span class="about">not known</span>;
  const amount = Math.abs(moneyMinor);
  return (
    <span title={writeMoney(amount, currency)}>
      {writeMoneyShort(amount, currency)} {moneyMinor < 0 ? 'missing' : 'extra'}
    </span>
  );
}

function Trust({ verdicts }: Pick<IncidentsPage, 'verdicts'>) {
  const precision = precisionOf(verdicts);
  return (
    <section class="trust" aria-labelledby="trust">
      <h2 id="trust">Can I trust this?</h2>
      <p>
        {precision === null ? 'Nobody has judged an incident yet; each has buttons for it.' : tellPrecision(precision)}
      </p>
      <p class="about">
        A week is compared with the weeks before it, by business days, season and what peers do; of what is found, a
        tenth is false on average. What broke at a feed, in the whole program or in a region is told once, there. Money
        is what was won in the year before, shared among deals: an estimate, not a forecast.
      </p>
    </section>
  );
}

/** How often incidents were right, with its 95 % interval. */
function tellPrecision({ right, judged }: { right: number; judged: number }): string {
  const { low, high } = wilson(right, judged);
  const percent = (share: number) => Math.round(100 * share);
  return (
    `Of ${judged} incidents that were judged, ${right} were real or had a known cause ` +
    `(${percent(right / judged)} %, ${percent(low)}–${percent(high)}).`
  );
}

/** What the page of one incident shows. */
export interface IncidentPage {
  incident: StoredIncident;
  names: ReadonlyMap<string, string>;
  /** The timeline as SVG. */
  chart: string;
}

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
  const end = status === 'open' ? 'and still are' : `until ${formatDay(closedOn as number)}`;
  return `${wordsOf(metric)} left what was to be expected in the week of ${formatDay(since)}, ${end}`;
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
