import type { ComponentChildren } from 'preact';
import type { Measured, ModelCard } from '../../models/index.ts';
import { type AnyShown, stateOf } from '../shown-version.ts';
import { longDay } from './words.ts';

/** What cards of either sort are made of. */

/** Whether a version is in use, and why it is not. */
export function State({ shown }: { shown: AnyShown }) {
  const { version, card } = shown.version;
  const state = stateOf(version, shown);
  return (
    <>
      {shown.inUse !== undefined && !shown.versions.some((each) => each.version === shown.inUse) && (
        <p class="notice">
          Version {shown.inUse} was put in use and is not registered any more. The last good one before it is used
          instead.
        </p>
      )}
      {state !== 'in use' && (
        <p class="notice">
          This version is {state === 'not promoted' ? 'registered and not in use' : 'not in use any more'}.{' '}
          {card.contest?.because}
        </p>
      )}
    </>
  );
}

/**
 * Which version it is, what it foretells and from what it learnt.
 * @param foretells what it is asked, and for which days
 * @param came what happened to those it learnt from, as the end of a sentence
 */
export function Facts({ shown, foretells, came }: { shown: AnyShown; foretells: string; came: string }) {
  const { card, version } = shown.version;
  const { training } = card;
  return (
    <dl>
      <dt>Version</dt>
      <dd>
        {version}: {card.champion}
      </dd>
      {card.population !== undefined && (
        <>
          <dt>Asked about</dt>
          <dd>{card.population}</dd>
        </>
      )}
      <dt>Foretells</dt>
      <dd>{foretells}</dd>
      <dt>Learnt from</dt>
      <dd>
        {training.rows} partner-months of {training.partners} partners, {longDay(training.firstCutoff)} to{' '}
        {longDay(training.lastCutoff)}
        {came}
      </dd>
      <dt>On record</dt>
      <dd>
        before {longDay(card.trainedUntil)}
        {card.watermark !== undefined && `; facts complete until ${longDay(card.watermark)}`}
      </dd>
      <dt>Intervals</dt>
      <dd>of scores: 90 %, from {card.refits} refits on resampled partners; of figures here: 95 %, over partners</dd>
    </dl>
  );
}

/** Every estimator that was judged, with its figures. @param figures which of them, and what they are called */
export function Estimators({
  estimators,
  figures: shown,
}: {
  estimators: readonly { name: string; figures: Readonly<Record<string, Measured>> }[];
  figures: readonly (readonly [metric: string, name: string])[];
}) {
  return (
    <Folding label="The champion beside the rules of thumb">
      <thead>
        <tr>
          <th scope="col">Estimator</th>
          {shown.map(([metric, name]) => (
            <th key={metric} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {estimators.map(({ name, figures }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {shown.map(([metric, title]) => (
              <td key={metric} class="number" data-label={title}>
                <Figure figure={figures[metric]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Folding>
  );
}

export function NotFor({ notFor, caution }: Pick<ModelCard, 'notFor' | 'caution'>) {
  return (
    <>
      <h2>What it must not be used for</h2>
      <ul>
        {(notFor ?? []).map((use) => (
          <li key={use}>{use}</li>
        ))}
      </ul>
      <p class="about">{caution}</p>
    </>
  );
}

/** A drawn chart with what it shows in words; nothing where there is nothing to draw. */
export function Chart({ svg, caption }: { svg: string | null; caption: string }) {
  return svg === null ? null : (
    <figure>
      <figcaption>{caption}</figcaption>
      <div class="chart" dangerouslySetInnerHTML={{ __html: svg }} />
    </figure>
  );
}

/** A figure with its interval. */
export function Figure({ figure }: { figure: Measured | null | undefined }) {
  if (!figure) return <span class="about">too few to tell</span>;
  const digits = Math.abs(figure.value) >= 10 ? 1 : 3;
  return (
    <>
      {figure.value.toFixed(digits)}
      <span class="about">
        {figure.low.toFixed(digits)}–{figure.high.toFixed(digits)}
      </span>
    </>
  );
}

/** Every version and every decision about one. */
export function Versions({ shown, alone }: { shown: AnyShown; alone: boolean }) {
  const { versions, history } = shown;
  return (
    <>
      <h2>Versions and decisions</h2>
      <Folding label="Versions">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Learnt until</th>
            <th scope="col">State</th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, trainedUntil, card }) => (
            <tr key={version}>
              <th scope="row">
                {alone ? (
                  version
                ) : (
                  <a href={`/models/${card.model}?version=${encodeURIComponent(version)}`}>{version}</a>
                )}
              </th>
              <td data-label="Learnt until">{longDay(trainedUntil)}</td>
              <td data-label="State">{stateOf(version, shown)}</td>
              <td data-label="Because">{card.contest?.because ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </Folding>
      <ul>
        {history.toReversed().map(({ version, kind, inUseFrom, decidedBy, decidedAt, why }) => (
          <li key={`${version} ${decidedAt} ${inUseFrom}`}>
            {version} {kind}, in use from {longDay(inUseFrom)} on, by {decidedBy} on {longDay(decidedAt)}: {why}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A table that becomes a list of cards on a narrow screen. */
export function Folding({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <table class="risks" aria-label={label}>
      {children}
    </table>
  );
}
