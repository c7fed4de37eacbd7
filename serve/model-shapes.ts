import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import {
  claimsOfCard,
  evaluationOfCard,
  inputsOfCard,
  type ListResult,
  type PastEvaluation,
  replaysOfCard,
  tellTrackRecord,
} from '../models/index.ts';
import { day, identityShape, measured, registryShape, toIdentity, toRegistry } from './registry-shapes.ts';
import type { ShownVersion } from './shown-version.ts';

/** Models and their cards as the API and `models card --json` say them. Days are UTC; intervals are 95 %. */

/** A model as a list shows it. */
export const modelShape = z
  .object({
    model: z.string(),
    question: z.string(),
    version: z.string().nullable().describe('the one in use; null before the first training'),
    trained_until: day.nullable(),
    champion: z.string().nullable(),
    track_record: z.string().nullable().describe('how often past lists were right'),
  })
  .meta({ id: 'Model' });

const sliceShape = z.object({
  name: z.string(),
  rows: z.number(),
  partners: z.number(),
  base_rate: measured,
  predicted: z.number().describe('mean of what was said'),
  auc: measured.nullable().describe('null where there are too few to tell'),
});

/** How often something came, against what was said. */
export const tallyShape = z.object({
  settled: z.number().describe('how many have a known outcome'),
  hits: z.number(),
  expected: z.number().describe('the sum of their probabilities'),
  low: z.number().nullable().describe('95 % interval of hits / settled'),
  high: z.number().nullable(),
  p: z.number().describe('chance of so many or few, even at the ends of their intervals'),
});

/** Everything people should know of a version before they trust it. */
export const cardShape = z
  .object({
    ...identityShape,
    data: z.object({
      trained_until: day,
      watermark: day.nullable(),
      rows: z.number(),
      partners: z.number(),
      happened: z.number(),
      base_rate: z.number(),
      first_cutoff: day,
      last_cutoff: day,
    }),
    features: z.array(z.string()),
    champion: z.string(),
    verdict: z.string(),
    contenders: z.array(z.object({ name: z.string(), log_loss: z.number().nullable() })),
    evaluation: z
      .object({
        from: day,
        to: day,
        rows: z.number(),
        partners: z.number(),
        happened: z.number(),
        estimators: z.array(z.object({ name: z.string(), figures: z.record(z.string(), measured) })),
        gains: z.array(z.object({ called: z.number(), found: measured, by_recency: z.number() })),
        segments: z.array(z.object({ by: z.string(), segments: z.array(sliceShape) })),
      })
      .nullable()
      .describe('foretold from rows that it was not among: earlier months, or of new partners other partners'),
    reliability: z.array(
      z.object({
        rows: z.number(),
        predicted: z.number(),
        observed: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
    track_record: z.string(),
    past_lists: z.array(z.object({ as_of: day, listed: z.number(), hits: z.number(), missed: z.number() })),
    claims: z
      .array(z.object({ claim: z.string(), supported: z.boolean(), missing: z.array(z.string()) }))
      .describe('what the data is enough to tell of the version'),
    null_test: z.object({ passed: z.boolean(), gain: measured }).nullable(),
    inputs: z
      .object({
        features: z.number(),
        unknown: z.array(z.string()),
        constant: z.array(z.string()),
        drifted: z.array(z.string()),
        suspicious: z.array(z.string()),
      })
      .nullable(),
    scoreboard: z
      .array(
        z.object({
          as_of: day,
          version: z.string(),
          listed: tallyShape,
          everyone: tallyShape,
          verdict: z.enum(['as expected', 'more than expected', 'fewer than expected']),
        }),
      )
      .describe('published lists whose time is over, the latest first'),
    ...registryShape,
  })
  .meta({ id: 'ModelCard' });

export type CardShape = z.infer<typeof cardShape>;

/** The card of a version. */
export function toCardShape(shown: ShownVersion): CardShape {
  const { card } = shown.version;
  const { training, nullTest } = card;
  const inputs = inputsOfCard(card);
  const evaluation = evaluationOfCard(card);
  return {
    ...toIdentity(shown),
    data: {
      trained_until: formatDay(card.trainedUntil),
      watermark: card.watermark === undefined ? null : formatDay(card.watermark),
      rows: training.rows,
      partners: training.partners,
      happened: training.happened,
      base_rate: training.baseRate,
      first_cutoff: formatDay(training.firstCutoff),
      last_cutoff: formatDay(training.lastCutoff),
    },
    features: [...(card.features ?? [])],
    champion: card.champion,
    verdict: card.verdict,
    contenders: card.contenders.map(({ name, logLoss }) => ({ name, log_loss: logLoss })),
    evaluation: evaluation && toEvaluationShape(evaluation),
    reliability: [...card.reliability],
    track_record: tellTrackRecord(card.trackRecord, shown.model.words),
    past_lists: replaysOfCard(card).map(({ asOf, listed, hits, missed }) => ({
      as_of: formatDay(asOf),
      listed,
      hits,
      missed,
    })),
    claims: claimsOfCard(card).map(({ missing, ...each }) => ({ ...each, missing: [...missing] })),
    null_test: nullTest ?? null,
    inputs: inputs && {
      features: inputs.features,
      unknown: inputs.unknown,
      constant: inputs.constant,
      drifted: inputs.drifted.map(({ feature }) => feature),
      suspicious: inputs.suspicious.map(({ feature }) => feature),
    },
    scoreboard: shown.scoreboard.map(({ asOf, version: by, result }) => ({
      as_of: formatDay(asOf),
      version: by,
      listed: toTallyShape(result.listed),
      everyone: toTallyShape(result.everyone),
      verdict: result.verdict,
    })),
    ...toRegistry(shown),
  };
}

/** A tally as the API says it. */
export function toTallyShape({ settled, hits, expected, rate, p }: ListResult['listed']): z.infer<typeof tallyShape> {
  return { settled, hits, expected, low: rate?.low ?? null, high: rate?.high ?? null, p };
}

function toEvaluationShape({ from, to, gains, segments, ...rest }: PastEvaluation): CardShape['evaluation'] {
  return {
    ...rest,
    from: formatDay(from),
    to: formatDay(to),
    gains: gains.map(({ called, found, byRecency }) => ({ called, found, by_recency: byRecency })),
    segments: segments.map(({ by, segments: parts }) => ({
      by,
      segments: parts.map(({ name, rows, partners, baseRate, predicted, auc }) => ({
        name,
        rows,
        partners,
        base_rate: baseRate,
        predicted,
        auc,
      })),
    })),
  };
}
