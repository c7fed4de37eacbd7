import { type ListResult, tellDrift, writePercent } from '../../models/index.ts';
import type { AnyShown, ShownVersion } from '../shown-version.ts';
import { longDay } from './words.ts';

/** Whether it still holds: what inputs are like, and how published lists did when their time was over. */
export function Watching({ shown: { model, watch, scoreboard } }: { shown: ShownVersion }) {
  const happened = `${model.words.happened[0].toUpperCase()}${model.words.happened.slice(1)}`;
  return (
    <section aria-labelledby="watching">
      <Inputs watch={watch} />
      {scoreboard.length === 0 ? (
        <p class="about">No published list is old enough yet for what happened to be known.</p>
      ) : (
        <table class="risks" aria-label="Published lists whose time is over">
          <thead>
            <tr>
              <th scope="col">List of</th>
              <th scope="col" class="number">
                {happened}, listed
              </th>
              <th scope="col" class="number">
                Expected
              </th>
              <th scope="col" class="number">
                {happened}, everyone
              </th>
              <th scope="col" class="number">
                Expected
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {scoreboard.map(({ asOf, result }) => (
              <tr key={asOf}>
                <th scope="row">{longDay(asOf)}</th>
                <Tally tally={result.listed} label={`${happened}, listed`} />
                <Tally tally={result.everyone} label={`${happened}, everyone`} />
                <td data-label="Verdict">
                  {VERDICT_MARKS[result.verdict]} {result.verdict}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What the inputs of the latest list are like beside those that were learnt from. */
export function Inputs({ watch }: Pick<AnyShown, 'watch'>) {
  return (
    <>
      <h2 id="watching">Whether it still holds</h2>
      {watch === null ? (
        <p class="empty">Its inputs are looked at with every run from the next training on.</p>
      ) : (
        <p class={watch.drift.drifted.length > 0 ? 'notice' : undefined}>
          {longDay(watch.asOf)}: {tellDrift(watch.drift)}
        </p>
      )}
    </>
  );
}

/** The shape beside the words of a verdict. */
export const VERDICT_MARKS: Record<ListResult['verdict'], string> = {
  'as expected': '■',
  'more than expected': '▲',
  'fewer than expected': '▼',
};

function Tally({ tally: { hits, settled, expected, rate }, label }: { tally: ListResult['listed']; label: string }) {
  return (
    <>
      <td class="number" data-label={label}>
        {hits} of {settled}
        {rate && (
          <span class="about">
            {writePercent(hits / settled)}, {Math.round(100 * rate.low)}–{Math.round(100 * rate.high)}
          </span>
        )}
      </td>
      <td class="number" data-label="Expected">
        {expected.toFixed(1)}
      </td>
    </>
  );
}
