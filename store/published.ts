import type { Instant, Score } from '../models/index.ts';
import type { Database } from './database.ts';
import { type Publication, type PublicationRow, type SurvivalColumns, toPublication, toSurvival } from './scores.ts';

/** A score as it stands in the store; one published before digests were kept has none. */
export type StoredScore = Omit<Score, 'inputsDigest' | 'asOf'> & {
  inputsDigest: string | null;
  currency: string | null;
};

/** Which lists to take; everything is optional. */
export interface PublicationFilter {
  model?: string | undefined;
  asOf?: Instant | undefined;
  /** The run that published it (see `runId`). */
  run?: string | undefined;
}

/** The lists that stand, by day and model. */
export async function publications(
  database: Database,
  { model, asOf, run }: PublicationFilter = {},
): Promise<Publication[]> {
  const rows = await database.query<PublicationRow>(
    `select * from publication where ($1::text is null or model = $1) and ($2::timestamptz is null or as_of = $2)
       and ($3::text is null or run = $3)
     order by as_of, model`,
    [model ?? null, asOf === undefined ? null : new Date(asOf), run ?? null],
  );
  return rows.map(toPublication);
}

/** The scores of a list as they were published, by partner. */
export async function storedScores(
  database: Database,
  { model, asOf, version }: Pick<Publication, 'model' | 'asOf' | 'version'>,
): Promise<StoredScore[]> {
  const rows = await database.query<StoredScore & SurvivalColumns>(
    `select entity_id as "entityId", horizon_days as "horizonDays", probability, low, high, band, listed,
       value_at_risk_minor as "valueAtRiskMinor", currency, action, reasons, missing, evidence,
       inputs_digest as "inputsDigest", survival_days, survival, survival_low, survival_high
     from score where model = $1 and as_of = $2 and version = $3 order by entity_id`,
    [model, new Date(asOf), version],
  );
  return rows.map(({ survival_days, survival_low, survival_high, ...row }) => ({
    ...row,
    survival: toSurvival({
      survival_days,
      survival_low,
      survival_high,
      survival: row.survival as unknown as number[] | null,
    }),
  }));
}
