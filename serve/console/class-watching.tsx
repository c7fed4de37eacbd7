import { type ClassListResult, type ClassScoringModel, tellClassVerdict, writePercent } from '../../models/index.ts';
import type { ShownVersion } from '../shown-version.ts';
import { Inputs, VERDICT_MARKS } from './watching.tsx';
import { longDay } from './words.ts';

/** Whether a version of classes still holds: what inputs are like, and how published scores did when their time was over. */
export function ClassWatching({ shown: { watch, scoreboard, version } }: { shown: ShownVersion<ClassScoringModel> }) {
  const { classes } = version.card;
  return (
    <section aria-labelledby="watching">
      <Inputs watch={watch} />
      {scoreboard.length === 0 ? (
        <p class="about">No published scores are old enough yet for what happened to be known.</p>
      ) : (
        <table class="risks" aria-label="Published scores whose time is over">
          <thead>
            <tr>
              <th scope="col">Scores of</th>
              {['The likeliest came', ...classes.map(cameTo)].map((came) => (
                <th key={came} scope="col" class="number">
                  {came}
                </th>
              ))}
              <th scope="col" class="number">
                RPS
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {scoreboard.map(({ asOf, result }) => (
              <tr key={asOf}>
                <th scope="row">{longDay(asOf)}</th>
                <Came tally={result.likeliest} label="The likeliest came" />
                {result.classes.map(({ class: name, ...tally }) => (
                  <Came key={name} tally={tally} label={cameTo(name)} />
                ))}
                <td class="number" data-label="RPS">
                  {result.rps?.value.toFixed(3) ?? '–'}
                  {result.rps && (
                    <span class="about">
                      {result.rps.low.toFixed(3)}–{result.rps.high.toFixed(3)}, {result.rps.expected.toFixed(3)}{' '}
                      expected
                    </span>
                  )}
                </td>
                <td data-label="Verdict">
                  {VERDICT_MARKS[result.verdict]} {tellClassVerdict(result)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="about">
        Expected is what the probabilities add up to. RPS, the ranked probability score, is 0 where the class that came
        was sure; expected is what it would be were every probability true.
      </p>
    </section>
  );
}

/** How many of all it was, with the interval of their share, and how many were expected. */
function Came({ tally, label }: { tally: ClassListResult['likeliest']; label: string }) {
  const { hits, settled, expected, rate } = tally;
  return (
    <td class="number" data-label={label}>
      {hits} of {settled}
      <span class="about">
        {rate && `${writePercent(hits / settled)}, ${Math.round(100 * rate.low)}–${Math.round(100 * rate.high)}; `}
        {expected.toFixed(1)} expected
      </span>
    </td>
  );
}

function cameTo(name: string): string {
  return `Came to ${name}`;
}
