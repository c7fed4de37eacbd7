import { precisionOf, tellIncident, type Verdicts, wilson, writePercent } from '../../models/index.ts';
import type { IncidentWeek, StoredIncident } from '../../store/index.ts';
import { tellIncidentWeek } from '../incident-rows.ts';
import { Direction, VERDICT_WORDS, Where, Worth } from './incident.tsx';
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
      <Trust verdicts={verdicts} week={week} />
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

function Trust({ verdicts, week }: Pick<IncidentsPage, 'verdicts' | 'week'>) {
  const precision = precisionOf(verdicts);
  const share = week?.settings['incident_false_share'];
  return (
    <section class="trust" aria-labelledby="trust">
      <h2 id="trust">Can I trust this?</h2>
      <p>
        {precision === null ? 'Nobody has judged an incident yet; each has buttons for it.' : tellPrecision(precision)}
      </p>
      <p class="about">
        A week is compared with the weeks before it, by business days, season and what peers do.{' '}
        {typeof share === 'number' && `Of what is found, ${writePercent(share)} is false on average. `}
        What broke at a feed, in the whole program or in a region is told once, there. Money is what was won in the year
        before, shared among deals: an estimate, not a forecast.
      </p>
    </section>
  );
}

/** How often incidents were right, with its 95 % interval. */
function tellPrecision({ right, judged }: { right: number; judged: number }): string {
  const { low, high } = wilson(right, judged);
  const percent = (share: number) => Math.round(100 * share);
  return (
    `${judged} ${judged === 1 ? 'incident has' : 'incidents have'} been judged, ${right} of them real or with a known cause ` +
    `(${percent(right / judged)} %, ${percent(low)}–${percent(high)}).`
  );
}
