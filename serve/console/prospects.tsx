import { tellLeftOut } from '../../insights/index.ts';
import { writePercent } from '../../models/index.ts';
import type { ListedProspect, ProspectList } from '../../store/index.ts';
import { longDay, relativeDays } from './words.ts';

/** What the page of prospects shows. */
export interface ProspectsPage {
  list: ProspectList;
  prospects: readonly ListedProspect[];
  /** Names of the partners that are shown, by id. */
  names: ReadonlyMap<string, string>;
  now: number;
}

/** Whom to ask this week, and why: what speaks for and against each, who is like it, and what to do. */
export function Prospects({ list, prospects, names, now }: ProspectsPage) {
  const open = prospects.filter(({ action }) => action === null);
  const done = prospects.filter(({ action }) => action !== null);
  return (
    <>
      <h1>Whom to sign next</h1>
      <p class="headline">
        <strong>
          {open.length === 1 ? '1 company' : `${open.length} companies`} to ask, from what was known on{' '}
          {longDay(list.asOf)}.
        </strong>{' '}
        {tellCounts(list)}
      </p>
      <p class="notice">How well this can be known: {list.says}</p>
      <div class="filters">
        <a href="/ipp">The Ideal Partner Profile behind this list</a>
        <a class="button" href="/prospects.csv">
          Export CSV
        </a>
      </div>
      {open.length === 0 ? (
        <p class="empty">Nobody is left on this week's list. The next one is made with the first run of next week.</p>
      ) : (
        <ProspectTable prospects={open} names={names} />
      )}
      {done.length > 0 && <Done prospects={done} now={now} />}
      <Trust list={list} />
    </>
  );
}

function tellCounts({ counts }: ProspectList): string {
  const left = tellLeftOut(counts);
  const all = `Chosen from ${counts.open.toLocaleString('en-US')} of ${counts.prospects.toLocaleString('en-US')} prospects on record`;
  return left === '' ? `${all}.` : `${all}: ${left}.`;
}

function ProspectTable({ prospects, names }: Pick<ProspectsPage, 'prospects' | 'names'>) {
  return (
    <table class="risks" aria-label="Prospects of the week">
      <thead>
        <tr>
          <th scope="col">Company</th>
          <th scope="col" class="number">
            Fit
          </th>
          <th scope="col" class="number">
            Would sign
          </th>
          <th scope="col">For and against</th>
          <th scope="col">Most like</th>
          <th scope="col">Next</th>
        </tr>
      </thead>
      <tbody>
        {prospects.map((prospect) => (
          <ProspectRow key={prospect.prospectId} prospect={prospect} names={names} />
        ))}
      </tbody>
    </table>
  );
}

function ProspectRow({ prospect, names }: { prospect: ListedProspect } & Pick<ProspectsPage, 'names'>) {
  const { prospectId, name, country, industry, employees, website, fit, accept, exploratory, nearest } = prospect;
  const about = [prospectId, country, industry, employees === null ? null : `${employees} employees`, website];
  return (
    <tr tabIndex={-1}>
      <th scope="row">
        <strong>{name}</strong>
        <span class="about">{about.filter((each) => each !== null).join(' · ')}</span>
        {exploratory && (
          <span class="about" title="Drawn by lot from outside the best, so that the profile can learn from others too">
            ◇ to explore
          </span>
        )}
      </th>
      <td data-label="Fit" class="number">
        {fit === null ? <span class="about">cannot be told</span> : fit.toFixed(2)}
      </td>
      <td data-label="Would sign" class="number">
        {accept === null ? <span class="about">cannot be told</span> : writePercent(accept)}
      </td>
      <td data-label="For and against">
        <Traits prospect={prospect} />
      </td>
      <td data-label="Most like">
        {nearest.map(({ partnerId, similarity }) => (
          <span key={partnerId} class="like">
            <a href={`/partners/${encodeURIComponent(partnerId)}`}>{names.get(partnerId) ?? partnerId}</a>{' '}
            <span class="about" title="Cosine of their traits; 1 is alike in all that is known">
              {similarity.toFixed(2)}
            </span>
          </span>
        ))}
      </td>
      <td data-label="Next">
        <Buttons id={prospectId} name={name} actions={['approached', 'archived']} />
      </td>
    </tr>
  );
}

function Traits({ prospect: { matched, against, reasons } }: { prospect: ListedProspect }) {
  return (
    <>
      <ul class="reasons traits">
        {matched.map((trait) => (
          <li key={trait} class="for">
            {trait}
          </li>
        ))}
        {against.map((trait) => (
          <li key={trait} class="against">
            {trait}
          </li>
        ))}
      </ul>
      {matched.length + against.length === 0 && <span class="about">No trait of the profile is known of it.</span>}
      {reasons.length > 0 && (
        <details>
          <summary>Why this fit</summary>
          <ul class="reasons">
            {reasons.map(({ feature, text, log_odds }) => (
              <li key={feature}>
                {text}{' '}
                <span class="about" title={`${log_odds.toFixed(2)} in log-odds`}>
                  {log_odds > 0 ? '▲ raises it' : '▼ lowers it'}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const LABELS = { approached: 'Approached', archived: 'Archive', signed: 'Signed', reopened: 'Undo' } as const;

function Buttons({ id, name, actions }: { id: string; name: string; actions: readonly (keyof typeof LABELS)[] }) {
  return (
    <form class="acts" method="post" action="/prospects/record">
      <input type="hidden" name="id" value={id} />
      {actions.map((action) => (
        <button key={action} type="submit" name="action" value={action} aria-label={`${LABELS[action]}: ${name}`}>
          {LABELS[action]}
        </button>
      ))}
    </form>
  );
}

function Done({ prospects, now }: Pick<ProspectsPage, 'prospects' | 'now'>) {
  return (
    <>
      <h2>Done</h2>
      <table class="risks" aria-label="Prospects that something was done with">
        <tbody>
          {prospects.map(({ prospectId, name, action, actedAt }) => (
            <tr key={prospectId}>
              <th scope="row">
                {name}
                <span class="about">{prospectId}</span>
              </th>
              <td data-label="What">
                {action} {actedAt !== null && <span class="about">{relativeDays(actedAt, now)}</span>}
              </td>
              <td data-label="Next">
                <Buttons
                  id={prospectId}
                  name={name}
                  actions={action === 'approached' ? ['signed', 'reopened'] : ['reopened']}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Trust({ list }: Pick<ProspectsPage, 'list'>) {
  const card = list.card as { accept?: { says?: string }; selectionBias?: string } | null;
  return (
    <section class="trust" aria-labelledby="trust">
      <h2 id="trust">Can I trust this?</h2>
      <div class="columns">
        <div>
          <p>
            <strong>Fit</strong> is the share of today's partners and prospects that are less like top partners than
            this company: it ranks, and is no probability.
          </p>
          <p>
            <strong>Would sign</strong> is the probability that it signs when it is approached, from those that were.{' '}
            {card?.accept?.says}
          </p>
          <p class="about">
            {card?.selectionBias} One place in ten is drawn by lot (◇), so that the profile can learn from others. Whom
            you archive never returns; whom you approach is learnt from.
          </p>
        </div>
      </div>
    </section>
  );
}
