import { formatDay } from '../../features/index.ts';
import { type Replay, replaysOfCard, tellReplayed } from '../../models/index.ts';
import type { ShownVersion } from '../shown-version.ts';
import { longDay } from './words.ts';

/** A slider over the past days whose lists are kept, made of links: what would we have seen, and what happened. */
export function PastMondays({ shown, day, alone }: { shown: ShownVersion; day: string | undefined; alone: boolean }) {
  const { words } = shown.model;
  const { version, card } = shown.version;
  const replays = replaysOfCard(card);
  const asked = replays.findIndex(({ asOf }) => formatDay(asOf) === day);
  const place = asked < 0 ? replays.length - 1 : asked;
  const chosen = replays[place];
  const href = ({ asOf }: Replay) =>
    `/models/${card.model}?version=${encodeURIComponent(version)}&day=${formatDay(asOf)}#mondays`;
  return (
    <section aria-labelledby="mondays">
      <h2 id="mondays">What would we have seen on {longDay(chosen.asOf)}?</h2>
      {!alone && (
        <nav class="slider" aria-label="Past lists">
          {place > 0 && (
            <a href={href(replays[place - 1])} rel="prev">
              ◂ Earlier
            </a>
          )}
          <ol>
            {replays.map((replay) => (
              <li key={replay.asOf}>
                <a
                  href={href(replay)}
                  title={longDay(replay.asOf)}
                  aria-current={replay === chosen ? 'true' : undefined}
                  aria-label={`${replay.hits}/${replay.listed} ${words.happened}, ${longDay(replay.asOf)}`}
                >
                  {replay.hits}/{replay.listed}
                </a>
              </li>
            ))}
          </ol>
          {place < replays.length - 1 && (
            <a href={href(replays[place + 1])} rel="next">
              Later ▸
            </a>
          )}
        </nav>
      )}
      {!alone && (
        <p class="about">Each list by how many of it {words.happened}, of how many there were; the latest last.</p>
      )}
      <p class="headline">{tellReplayed(chosen, words)}</p>
      {!alone && shown.model.highIs === 'risk' && (
        <p>
          <a href={`/risks/replay?date=${formatDay(chosen.asOf)}`}>The whole list of that day</a>
        </p>
      )}
    </section>
  );
}
