import { z } from 'zod';
import { type FeatureTable, rowsByCutoff, selectRows } from '../features/index.ts';
import { type FeatureQuality, qualityOf } from './quality.ts';
import type { TrainingSet } from './training-set.ts';

/** Most rows that a report looks at: beyond, an even sample says the same. */
export const MOST_ROWS = 100_000;

/** At most so many of a list, evenly spread over it. */
export function thinned<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
}

const found = z.strictObject({ feature: z.string(), auc: z.number(), outcome: z.enum(['higher', 'lower']) });

const inputQuality = z.strictObject({
  /** Rows looked at. */
  rows: z.int(),
  features: z.int(),
  /** Features of which nothing is known, and those that are the same wherever they are known. */
  unknown: z.array(z.string()),
  constant: z.array(z.string()),
  /** Features whose last cutoff is another population than those before, the most so first. */
  drifted: z.array(z.strictObject({ feature: z.string(), psi: z.number() })),
  /** How many cannot be told to have drifted or not, for want of rows. */
  unclear: z.int(),
  /** Features that know the outcome better than anything honest does, the best first. */
  suspicious: z.array(found),
});

/** What is worth saying of the features of a table, for a model card. */
export type InputQuality = z.infer<typeof inputQuality>;

/** What is worth saying of what was found. */
export function summaryOf(qualities: readonly FeatureQuality[]): InputQuality {
  const named = (holds: (quality: FeatureQuality) => boolean) => qualities.filter(holds).map(({ feature }) => feature);
  return {
    rows: qualities[0]?.rows ?? 0,
    features: qualities.length,
    unknown: named(({ rows, min }) => rows > 0 && min === null),
    constant: named(({ constant }) => constant !== null),
    drifted: qualities
      .flatMap(({ feature, drift }) => (drift?.verdict === 'drifted' ? [{ feature, psi: drift.psi }] : []))
      .sort((a, b) => b.psi - a.psi),
    unclear: named(({ drift }) => drift?.verdict === 'unclear').length,
    suspicious: qualities
      .flatMap(({ feature, separation }) =>
        separation?.isSuspicious ? [{ feature, auc: separation.auc, outcome: separation.outcome }] : [],
      )
      .sort((a, b) => b.auc - a.auc),
  };
}

/** The quality of what a version learns from, looked at on an even sample of a large set. */
export async function inputQualityOf(set: TrainingSet): Promise<InputQuality> {
  const rows = thinned([...set.outcomes.keys()], MOST_ROWS);
  const table = selectRows(set.table, rows);
  const outcomes = Uint8Array.from(rows, (row) => set.outcomes[row]);
  return summaryOf(await qualityOf(table, { settled: { table, outcomes } }));
}

/** The inputs that a stored card tells of; null where it is older than they, or says something else. */
export function inputsOfCard(card: { inputs?: unknown }): InputQuality | null {
  return inputQuality.safeParse(card.inputs).data ?? null;
}

/** A sentence about features that know too much; null when there is none. */
export function tellSuspicious({ suspicious }: InputQuality): string | null {
  if (suspicious.length === 0) return null;
  const each = suspicious.map(
    ({ feature, auc, outcome }) => `${feature} (AUC ${auc.toFixed(3)}, ${outcome} where it happened)`,
  );
  return (
    `Too good to be true: by itself ${each.join(', ')} tells the outcome. Labels that leak into features look like ` +
    'this; find out when the records behind it are written, and declare it as known_at.'
  );
}

/** The rows at risk of a table, at most so many of each cutoff, evenly spread: enough for a report. */
export function sampleAtRisk(table: FeatureTable, mostPerCutoff: number): FeatureTable {
  const rows = [...rowsByCutoff(table).values()].flatMap((ofCutoff) =>
    thinned(
      ofCutoff.filter((row) => table.atRisk[row] === 1),
      mostPerCutoff,
    ),
  );
  return selectRows(table, rows);
}
