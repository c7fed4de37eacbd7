import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type AnyModel,
  type ClassModelCard,
  classScoringModels,
  evaluationOfCard,
  evaluationOfClassCard,
  type ModelCard,
  type OutcomeWords,
  scoringModels,
  tellTrackRecord,
} from '../../models/index.ts';
import type { Route } from '../routes/route.ts';
import { word } from '../shapes.ts';
import { type AnyShown, isOfClasses, shownVersion } from '../shown-version.ts';
import { Card, tellGains } from './card.tsx';
import { ClassCard } from './class-card.tsx';
import { type Place, renderPage } from './layout.tsx';
import { saidAgainstHappened } from './risks.tsx';
import { longDay } from './words.ts';

const models: readonly AnyModel[] = [...scoringModels, ...classScoringModels];
const WITHIN: Place = { page: '/models', within: true };
const HTML = 'text/html; charset=utf-8';
const query = z.object({ version: word.max(200).optional(), day: z.iso.date().optional().catch(undefined) });

/** The pages `/models` and `/models/{name}`: which scores there are, and the card of each. */
export const modelPages: Route = (app, { database }) => {
  app.get('/models', { schema: { hide: true } }, async (_request, reply) => {
    const all: Listed[] = [];
    for (const model of models) all.push({ model, shown: await shownVersion(database, model) });
    return reply
      .type(HTML)
      .send(renderPage({ title: 'Models', status: '', children: <Models all={all} />, at: { page: '/models' } }));
  });
  const schema = { hide: true, params: z.object({ name: word.min(1).max(200) }), querystring: query };
  app.get('/models/:name', { schema }, async (request, reply) => {
    const { name } = request.params;
    const { version, day } = request.query;
    const model = models.find((each) => each.name === name);
    const shown = model ? await shownVersion(database, model, version) : null;
    if (!model || !shown) {
      const children = <NoSuchVersion model={model} version={version} />;
      return reply
        .code(404)
        .type(HTML)
        .send(renderPage({ title: 'No such model', status: '', children, at: WITHIN }));
    }
    const status = `Version ${shown.version.version}`;
    const children = await cardOf(shown, day, false);
    return reply.type(HTML).send(renderPage({ title: `Model card: ${name}`, status, children, at: WITHIN }));
  });
};

/** The card as a page of its own that asks for nothing else: it can be sent, kept and printed. */
export async function cardAsFile(shown: AnyShown): Promise<string> {
  const style = readFileSync(new URL('./assets/console.css', import.meta.url), 'utf8');
  const children = await cardOf(shown, undefined, true);
  return renderPage({ title: `Model card: ${shown.model.name}`, status: '', children, style });
}

async function cardOf(shown: AnyShown, day: string | undefined, alone: boolean) {
  if (isOfClasses(shown))
    return <ClassCard shown={shown} charts={await classChartsOf(shown.version.card)} alone={alone} />;
  const charts = await chartsOf(shown.version.card, shown.model.words);
  return <Card shown={shown} charts={charts} day={day} alone={alone} />;
}

async function classChartsOf(card: ClassModelCard) {
  const { reliabilityChart } = await import('./chart.ts');
  return (evaluationOfClassCard(card)?.calibration ?? []).map(({ class: name, bins }) => {
    const happened = `turned out to ${name}`;
    const caption = saidAgainstHappened({ reliability: bins }, happened);
    return { name, caption, svg: bins.length < 2 ? null : reliabilityChart(bins, caption, happened) };
  });
}

/** What draws is heavy, and only loaded when it is needed. */
async function chartsOf(card: ModelCard, words: OutcomeWords) {
  const { gainsChart, reliabilityChart } = await import('./chart.ts');
  const evaluation = evaluationOfCard(card);
  return {
    reliability:
      card.reliability.length < 2
        ? null
        : reliabilityChart(card.reliability, saidAgainstHappened(card, words.happened), words.happened),
    gains: evaluation && gainsChart(evaluation.gains, tellGains(evaluation, words), words.happened),
  };
}

/** A model with its version in use; null before the first training. */
interface Listed {
  model: AnyModel;
  shown: AnyShown | null;
}

/** How often lists were right; a model of classes makes none, and says whether it beat the rules. */
function howGood(shown: AnyShown): string {
  if (isOfClasses(shown)) return shown.version.card.verdict;
  return tellTrackRecord(shown.version.card.trackRecord, shown.model.words);
}

function Models({ all }: { all: readonly Listed[] }) {
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
            <th scope="col">How good it is</th>
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
              <td data-label="How good it is">{shown ? howGood(shown) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function NoSuchVersion({ model, version }: { model: AnyModel | undefined; version: string | undefined }) {
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
