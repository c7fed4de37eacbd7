import { formatDay } from '../../features/index.ts';
import {
  bandOf,
  type ModelCard,
  type Replay,
  type Replayed,
  type ScoringModel,
  tellReplayed,
  writeFate,
  writePercent,
} from '../../models/index.ts';
import { longDay } from './words.ts';

/** What the page of a past list shows. */
export interface ReplayPage {
  model: ScoringModel;
  card: ModelCard;
  /** The lists there are, in order of time, and the one that is shown. */
  replays: readonly Replay[];
  chosen: Replay;
  /** The day that was asked for, where no list is kept for it. */
  missing: string | undefined;
  /** Names of the partners shown, by id. */
  names: ReadonlyMap<string, string>;
}

/** What would we have seen on a past day, and what happened. */
export function PastList({ model, card, replays, chosen, missing, names }: ReplayPage) {
  const { asOf, list, listed, misses, missed } = chosen;
  return (
    <>
      <h1>What would we have seen on {longDay(asOf)}?</h1>
      <Choice replays={replays} chosen={chosen} />
      {missing !== undefined && (
        <p class="notice">
          No list is kept for {missing}; this is the latest. For that day: <code>{commandFor(model, missing)}</code>
        </p>
      )}
      <p class="headline">{tellReplayed(chosen, model.words)}</p>
      {list.length === 0 ? (
        <p class="empty">Nobody would have been on the list: no partner reached the medium band.</p>
      ) : (
        <Partners model={model} partners={list} names={names} label="The list of that day" />
      )}
      <First of={listed} shown={list.length} />
      <h2>Not on the list, and {model.words.happened}</h2>
      {misses.length === 0 ? (
        <p class="empty">Nobody: everyone who {model.words.happened} was on the list.</p>
      ) : (
        <>
          <p class="about">The most surprising first: those who were held least likely to go.</p>
          <Partners model={model} partners={misses} names={names} label="Partners the list missed" />
        </>
      )}
      <First of={missed} shown={misses.length} />
      <p class="about">
        Foretold by {card.champion} from what had matured by then, as the records show it today; nothing of this day or
        later was learnt from. Partners that we ended, or that merged, are left out. For the list that training on that
        very day would have made, of any day: <code>{commandFor(model, formatDay(asOf))}</code>
      </p>
    </>
  );
}

function commandFor({ name }: ScoringModel, day: string): string {
  return `partnercast backtest ${name} --replay ${day}`;
}

function Choice({ replays, chosen }: Pick<ReplayPage, 'replays' | 'chosen'>) {
  return (
    <form class="filters" method="get" action="/risks/replay">
      <label>
        Day{' '}
        <select name="date">
          {replays.toReversed().map(({ asOf }) => (
            <option key={asOf} value={formatDay(asOf)} selected={asOf === chosen.asOf}>
              {longDay(asOf)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Show</button>
    </form>
  );
}

function Partners({
  model,
  partners,
  names,
  label,
}: Pick<ReplayPage, 'model' | 'names'> & { partners: readonly Replayed[]; label: string }) {
  return (
    <table class="risks" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Partner</th>
          <th scope="col">Said</th>
          <th scope="col">What happened</th>
        </tr>
      </thead>
      <tbody>
        {partners.map(({ entityId, probability, fate }) => {
          const href = `/partners/${encodeURIComponent(entityId)}`;
          const band = bandOf(model, probability);
          return (
            <tr key={entityId} tabIndex={-1} data-href={href}>
              <th scope="row">
                <a href={href}>{names.get(entityId) ?? entityId}</a>
                <span class="about">{entityId}</span>
              </th>
              <td data-label="Said">
                <span class={`band ${band}`}>
                  {band[0].toUpperCase() + band.slice(1)} {writePercent(probability)}
                </span>
              </td>
              <td data-label="What happened">
                <span aria-hidden="true">{fate === 'happened' ? '●' : '○'}</span> {writeFate(fate, model.words)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Says so where not all are shown. */
function First({ of, shown }: { of: number; shown: number }) {
  return shown < of ? (
    <p class="about">
      The first {shown} of {of}.
    </p>
  ) : null;
}

/** The page while no list can be made again. */
export function NoPastLists() {
  return (
    <>
      <h1>What would we have seen?</h1>
      <p class="empty">
        No past list is kept yet: there is no model, or it was trained before lists were kept, or its past is too short
        to foretell any of it. Lists come with the next training; <code>partnercast train --until DATE</code> does it
        now.
      </p>
    </>
  );
}
