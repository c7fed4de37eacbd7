import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import { type ClassEvaluation, type ClassScoringModel, evaluationOfClassCard } from '../models/index.ts';
import { cardShape, tallyShape, toCardShape, toTallyShape } from './model-shapes.ts';
import { day, identityShape, measured, registryShape, toIdentity, toRegistry } from './registry-shapes.ts';
import { type AnyShown, isOfClasses, type ShownVersion } from './shown-version.ts';

const binShape = z.object({
  rows: z.number(),
  predicted: z.number(),
  observed: z.number(),
  low: z.number(),
  high: z.number(),
});

/** Everything people should know of a version of classes before they trust it. */
const classCardShape = z
  .object({
    ...identityShape,
    classes: z.array(z.string()).describe('in their order, from the worst to the best'),
    data: z.object({
      trained_until: day,
      watermark: day.nullable(),
      rows: z.number(),
      partners: z.number(),
      happened: z.array(z.number()).describe('rows per class'),
      first_cutoff: day,
      last_cutoff: day,
    }),
    features: z.array(z.string()),
    champion: z.string(),
    verdict: z.string(),
    evaluation: z
      .object({
        from: day,
        to: day,
        rows: z.number(),
        partners: z.number(),
        estimators: z.array(z.object({ name: z.string(), figures: z.record(z.string(), measured) })),
        calibration: z.array(
          z.object({
            class: z.string(),
            said: z.number().describe('mean of what was said'),
            came: measured,
            bins: z.array(binShape),
          }),
        ),
      })
      .nullable()
      .describe('the later half of the training time, foretold by rolling origin'),
    scoreboard: z
      .array(
        z.object({
          as_of: day,
          version: z.string(),
          likeliest: tallyShape.describe('how often the class came that was called the likeliest'),
          classes: z.array(tallyShape.extend({ class: z.string() })),
          rps: measured
            .extend({ expected: z.number().describe('its mean, were every probability true') })
            .nullable()
            .describe('ranked probability score; null when nothing is settled'),
          verdict: z.enum(['as expected', 'more than expected', 'fewer than expected']),
          off: z.string().nullable().describe('the class the verdict is of; null where it is of the likeliest'),
        }),
      )
      .describe('published lists whose time is over, the latest first'),
    ...registryShape,
  })
  .meta({ id: 'ClassModelCard' });

type ClassCardShape = z.infer<typeof classCardShape>;

/** The card of a version of either sort. */
export const anyCardShape = z.union([cardShape, classCardShape]);

/** The card of a version of either sort. */
export function toAnyCardShape(shown: AnyShown): z.infer<typeof anyCardShape> {
  return isOfClasses(shown) ? toClassCardShape(shown) : toCardShape(shown);
}

function toClassCardShape(shown: ShownVersion<ClassScoringModel>): ClassCardShape {
  const { card } = shown.version;
  const { training } = card;
  return {
    ...toIdentity(shown),
    classes: [...card.classes],
    data: {
      trained_until: formatDay(card.trainedUntil),
      watermark: card.watermark === undefined ? null : formatDay(card.watermark),
      rows: training.rows,
      partners: training.partners,
      happened: [...training.happened],
      first_cutoff: formatDay(training.firstCutoff),
      last_cutoff: formatDay(training.lastCutoff),
    },
    features: [...(card.features ?? [])],
    champion: card.champion,
    verdict: card.verdict,
    evaluation: toEvaluation(evaluationOfClassCard(card)),
    scoreboard: shown.scoreboard.map(({ asOf, version, result: { likeliest, classes, rps, verdict, off } }) => ({
      as_of: formatDay(asOf),
      version,
      likeliest: toTallyShape(likeliest),
      classes: classes.map(({ class: name, ...tallied }) => ({ class: name, ...toTallyShape(tallied) })),
      rps,
      verdict,
      off,
    })),
    ...toRegistry(shown),
  };
}

function toEvaluation(evaluation: ClassEvaluation | null): ClassCardShape['evaluation'] {
  return evaluation && { ...evaluation, from: formatDay(evaluation.from), to: formatDay(evaluation.to) };
}
