import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type ClassModelCard,
  type ClassScoringModel,
  classScoringModels,
  evaluationOfCard,
  type ModelCard,
  type ScoringModel,
  scoringModels,
  tellTrackRecord,
} from '../../models/index.ts';
import { publicationOf, versionNamed } from '../../store/index.ts';
import type { Route } from '../routes/route.ts';
import { word } from '../shapes.ts';
import { type ShownVersion, shownVersion } from '../shown-version.ts';
import { Card, tellGains } from './card.tsx';
import type { SurvivalPoint } from './chart.ts';
import { renderPage } from './layout.tsx';
import { saidAgainstHappened } from './risks.tsx';
import { longDay } from './words.ts';

const HTML = 'text/html; charset=utf-8';
const query = z.object({ version: word.max(200).optional(), day: z.iso.date().optional().catch(undefined) });

/** The pages `/models` and `/models/{name}`: which scores there are, and the card of each. */
export const modelPages: Route = (app, { database }) => {
  app.get('/models', { schema: { hide: true } }, async (_request, reply) => {
    const all: { model: ScoringModel; shown: ShownVersion | null }[] = [];
    for (const model of scoringModels) all.push({ model, shown: await shownVersion(database, model) });
    const ofClasses: ShownClassModel[] = [];
    for (const model of classScoringModels) {
      const publication = await publicationOf(database, model.name);
      const version = publication && (await versionNamed(database, model.name, publication.version));
      ofClasses.push({ model, card: version ? (version.card as unknown as ClassModelCard) : null });
    }
    const children = <Models all={all} ofClasses={ofClasses} />;
    return reply.type(HTML).send(renderPage({ title: 'Models', status: '', children }));
  });
  const schema = { hide: true, params: z.object({ name: word.min(1).max(200) }), querystring: query };
  app.get('/models/:name', { schema }, async (request, reply) => {
    const { name } = request.params;
    const { version, day } = request.query;
    const model = scoringModels.find((each) => each.name === name);
    const shown = model ? await shownVersion(database, model, version) : null;
    if (!model || !shown) {
      const page = { title: 'No such model', status: '', children: <NoSuchVersion model={model} version={version} /> };
      return reply.code(404).type(HTML).send(renderPage(page));
    }
    const status = `Version ${shown.version.version}`;
    const children = <Card shown={shown} charts={await chartsOf(shown)} day={day} alone={false} />;
    return reply.type(HTML).send(renderPage({ title: `Model card: ${name}`, status, children }));
  });
};

/** The card as a page of its own that asks for nothing else: it can be sent, kept and printed. */
export async function cardAsFile(shown: ShownVersion): Promise<string> {
  const charts = await chartsOf(shown);
  const style = readFileSync(new URL('./assets/console.css', import.meta.url), 'utf8');
  const children = <Card shown={shown} charts={charts} day={undefined} alone />;
  return renderPage({ title: `Model card: ${shown.model.name}`, status: '', children, style });
}

/** What draws is heavy, and only loaded when it is needed. */
async function chartsOf({ model: { words }, version }: ShownVersion) {
  const { gainsChart, reliabilityChart, survivalChart } = await import('./chart.ts');
  const card: ModelCard & { survival?: unknown } = version.card;
  const evaluation = evaluationOfCard(card);
  const survival = survivalPoints.safeParse(card.survival).data as readonly SurvivalPoint[] | undefined;
  return {
    reliability:
      card.reliability.length < 2 ? null : reliabilityChart(card.reliability, saidAgainstHappened(card, words), words),
    gains: evaluation && gainsChart(evaluation.gains, tellGains(evaluation, words), words),
    survival: survival ? survivalChart(survival, 'How long partners went on doing business') : null,
  };
}

const share = z.number().min(0).max(1);
const survivalPoints = z
  .array(z.object({ day: z.number().nonnegative(), share, low: share.optional(), high: share.optional() }))
  .min(2);

/** A model of several classes with the card of the version that scored last; it has no page of its own. */
interface ShownClassModel {
  model: ClassScoringModel;
  card: ClassModelCard | null;
}

function Models({
  all,
  ofClasses,
}: {
  all: readonly { model: ScoringModel; shown: ShownVersion | null }[];
  ofClasses: readonly ShownClassModel[];
}) {
  return (
    <>
      <h1>Models</h1>
      <p class="headline">Each answers one question. Its card says from what, how well, and what it is not for.</p>
      <table class="risks" aria-label="Models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Question</th>
            <th scope="col">In use</th>
            <th scope="col">How often its lists were right</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ model, shown }) => (
            <tr key={model.name} tabIndex={-1} data-href={`/models/${model.name}`}>
              <th scope="row">
                <a href={`/models/${model.name}`}>{model.name}</a>
              </th>
              <td data-label="Question">{model.question}</td>
              <td data-label="In use">
                {shown ? (
                  <>
                    {shown.version.card.champion}
                    <span class="about">learnt until {longDay(shown.version.trainedUntil)}</span>
                  </>
                ) : (
                  'not trained yet'
                )}
              </td>
              <td data-label="How often its lists were right">
                {shown ? tellTrackRecord(shown.version.card.trackRecord, model.words) : ''}
              </td>
            </tr>
          ))}
          {ofClasses.map(({ model, card }) => (
            <tr key={model.name}>
              <th scope="row">
                <a href={`/v1/scores/${model.name}`}>{model.name}</a>
                <span class="about">on each partner's page, and in the API</span>
              </th>
              <td data-label="Question">{model.question}</td>
              <td data-label="In use">
                {card ? (
                  <>
                    {card.champion}
                    <span class="about">learnt until {longDay(card.trainedUntil)}</span>
                  </>
                ) : (
                  'not trained yet'
                )}
              </td>
              <td data-label="How often its lists were right">{card && `It makes no list. ${card.verdict}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function NoSuchVersion({ model, version }: { model: ScoringModel | undefined; version: string | undefined }) {
  return (
    <>
      <h1>No such model</h1>
      <p class="empty">
        {model === undefined
          ? 'There is no model of that name.'
          : version === undefined
            ? `${model.name} has not been trained yet. "partnercast run" does it.`
            : `${model.name} has no version ${JSON.stringify(version)}.`}{' '}
        <a href="/models">Models</a>
      </p>
    </>
  );
}
