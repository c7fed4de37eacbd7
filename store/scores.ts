import type { Instant, Reason, Score, Survival } from '../models/index.ts';
import { copyLine } from './copy-text.ts';
import { copyRows, type Database } from './database.ts';
import { LATEST_PARTNERS, type Partner, type PartnerRow, toPartner } from './partners.ts';
import { keepPublication, type Publication } from './publications.ts';

/** A score with who it is about. */
export interface PartnerScore extends Omit<Score, 'inputsDigest'> {
  modelVersion: string;
  currency: string | null;
  partner: Partner;
  /** Probability minus that of about 30 days before; null when that day was not scored. */
  change: number | null;
  /** The first day of the unbroken run of days on which the partner was listed; null when it is not listed. */
  listedSince: Instant | null;
}

/** What to select scores by; everything is optional. */
export interface ScoreFilter {
  band?: string | undefined;
  minProbability?: number | undefined;
  owner?: string | undefined;
  tier?: string | undefined;
  type?: string | undefined;
  /** Part of a name or an id, any case. */
  search?: string | undefined;
  listed?: boolean | undefined;
  entityId?: string | undefined;
}

/** In which order scores come, and after which one to go on. */
export interface ScorePage {
  sort: 'probability' | 'value_at_risk' | 'name';
  descending: boolean;
  limit: number;
  /** Sort key and id of the last score of the page before. */
  after?: { key: string | number | null; entityId: string } | undefined;
}

const COLUMNS = [
  'entity_id',
  'model',
  'version',
  'as_of',
  'horizon_days',
  'probability',
  'low',
  'high',
  'band',
  'listed',
  'value_at_risk_minor',
  'currency',
  'action',
  'reasons',
  'missing',
  'evidence',
  'inputs_digest',
  'survival_days',
  'survival',
  'survival_low',
  'survival_high',
];
const PER_COPY = 2000;
/** How far back "30 days before" may lie: the nearest scored day in this range, in days. */
const CHANGE_DAYS = { from: 45, to: 25 };

/**
 * Makes a day's scores stand, in place of those that stood for the same model and day. Call it in a transaction.
 * @param currency the reporting currency, of the values at risk
 */
export async function publishScores(
  transaction: Database,
  publication: Publication,
  scores: readonly Score[],
  currency: string,
): Promise<void> {
  const { model, version, asOf } = publication;
  await transaction.query('delete from score where model = $1 and as_of = $2', [model, new Date(asOf)]);
  for (let from = 0; from < scores.length; from += PER_COPY) {
    const lines = scores
      .slice(from, from + PER_COPY)
      .map((score) =>
        copyLine([
          score.entityId,
          model,
          version,
          new Date(score.asOf),
          score.horizonDays,
          score.probability,
          score.low,
          score.high,
          score.band,
          score.listed,
          score.valueAtRiskMinor,
          score.valueAtRiskMinor === null ? null : currency,
          score.action,
          JSON.stringify(score.reasons),
          JSON.stringify(score.missing),
          JSON.stringify(score.evidence),
          score.inputsDigest,
          ...survivalCells(score.survival),
        ]),
      );
    await copyRows(transaction, 'score', COLUMNS, lines);
  }
  await keepPublication(transaction, publication);
}

/** The four columns of a curve, as PostgreSQL writes arrays. */
function survivalCells(survival: Survival | null): (string | null)[] {
  if (survival === null) return [null, null, null, null];
  const { days, probability, low, high } = survival;
  return [days, probability, low, high].map((values) => `{${values.join()}}`);
}

/** A curve as the table has it. */
interface SurvivalColumns {
  survival_days: number[] | null;
  survival: number[] | null;
  survival_low: number[] | null;
  survival_high: number[] | null;
}

/** A curve from its columns; null where none was told. */
function toSurvival(row: SurvivalColumns): Survival | null {
  const { survival_days: days, survival: probability, survival_low: low, survival_high: high } = row;
  return days && probability && low && high ? { days, probability, low, high } : null;
}

const SORT_KEYS: Record<ScorePage['sort'], string> = {
  probability: 'probability',
  value_at_risk: 'coalesce(value_at_risk_minor, -1)',
  name: 'name',
};

/** The scores of a publication that a filter selects, in a stable order. */
export async function scoresOf(
  database: Database,
  { model, version, asOf }: Publication,
  filter: ScoreFilter,
  page: ScorePage,
): Promise<PartnerScore[]> {
  const parameters: unknown[] = [model, new Date(asOf), version];
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const conditions = conditionsOf(filter, bind);
  const key = SORT_KEYS[page.sort];
  const direction = page.descending ? 'desc' : 'asc';
  if (page.after) {
    const beyond = page.descending ? '<' : '>';
    const last = bind(page.after.key);
    const type = page.sort === 'name' ? 'text' : 'double precision';
    conditions.push(
      `(${key} ${beyond} ${last}::${type} or (${key} = ${last}::${type} and entity_id > ${bind(page.after.entityId)}))`,
    );
  }
  const rows = await database.query<ScoreRow>(
    `with latest as (${SCORES_WITH_PARTNERS}),
     page as (
       select * from latest where ${['true', ...conditions].join(' and ')}
       order by ${key} ${direction}, entity_id limit ${bind(page.limit)})
     select page.*, ${CHANGE} as change, ${LISTED_SINCE} as listed_since from page
     order by ${key} ${direction}, entity_id`,
    parameters,
  );
  return rows.map(toPartnerScore);
}

/** A score as it stands in the store; one published before digests were kept has none. */
export type StoredScore = Omit<Score, 'inputsDigest' | 'asOf'> & {
  inputsDigest: string | null;
  currency: string | null;
};

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

function conditionsOf(filter: ScoreFilter, bind: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  if (filter.band !== undefined) conditions.push(`band = ${bind(filter.band)}`);
  if (filter.minProbability !== undefined) conditions.push(`probability >= ${bind(filter.minProbability)}`);
  if (filter.owner !== undefined) conditions.push(`owner = ${bind(filter.owner)}`);
  if (filter.tier !== undefined) conditions.push(`tier = ${bind(filter.tier)}`);
  if (filter.type !== undefined) conditions.push(`type = ${bind(filter.type)}`);
  if (filter.listed !== undefined) conditions.push(`listed = ${bind(filter.listed)}`);
  if (filter.entityId !== undefined) conditions.push(`entity_id = ${bind(filter.entityId)}`);
  if (filter.search !== undefined) {
    const part = bind(filter.search.toLowerCase());
    conditions.push(`(strpos(lower(name), ${part}) > 0 or strpos(lower(entity_id), ${part}) > 0)`);
  }
  return conditions;
}

const SCORES_WITH_PARTNERS = `
  select score.*, coalesce(partner.name, score.entity_id) as name, partner.type, partner.tier, partner.owner,
    partner.region, partner.country, partner.industry, partner.signed_on, partner.partner_id is null as is_stub
  from score left join (${LATEST_PARTNERS}) as partner on partner.partner_id = score.entity_id
  where score.model = $1 and score.as_of = $2 and score.version = $3`;

/** Against the scored day nearest to 30 days before. */
const CHANGE = `(select page.probability - before.probability from score as before
  where before.entity_id = page.entity_id and before.model = page.model and before.as_of
    between page.as_of - interval '${CHANGE_DAYS.from} days' and page.as_of - interval '${CHANGE_DAYS.to} days'
  order by abs(extract(epoch from page.as_of - before.as_of) - 30 * 86400) limit 1)`;

/** The first listed day after the last day on which the partner was scored and not listed. */
const LISTED_SINCE = `case when page.listed then (select min(run.as_of) from score as run
  where run.entity_id = page.entity_id and run.model = page.model and run.listed and run.as_of <= page.as_of
    and run.as_of > coalesce((select max(off.as_of) from score as off where off.entity_id = page.entity_id
      and off.model = page.model and not off.listed and off.as_of < page.as_of), '-infinity')) end`;

interface ScoreRow extends PartnerRow, SurvivalColumns {
  entity_id: string;
  version: string;
  as_of: Date;
  horizon_days: number;
  probability: number;
  low: number;
  high: number;
  band: Score['band'];
  listed: boolean;
  value_at_risk_minor: number | null;
  currency: string | null;
  action: string;
  reasons: Reason[];
  missing: string[];
  evidence: Score['evidence'];
  change: number | null;
  listed_since: Date | null;
}

function toPartnerScore(row: ScoreRow): PartnerScore {
  return {
    entityId: row.entity_id,
    modelVersion: row.version,
    asOf: row.as_of.getTime(),
    horizonDays: row.horizon_days,
    probability: row.probability,
    low: row.low,
    high: row.high,
    survival: toSurvival(row),
    band: row.band,
    listed: row.listed,
    valueAtRiskMinor: row.value_at_risk_minor,
    currency: row.currency,
    action: row.action,
    reasons: row.reasons,
    missing: row.missing,
    evidence: row.evidence,
    change: row.change,
    listedSince: row.listed_since === null ? null : row.listed_since.getTime(),
    partner: toPartner(row.entity_id, row),
  };
}

/** One partner's probabilities of a model over time, oldest first. */
export async function scoreSeries(
  database: Database,
  model: string,
  partnerId: string,
): Promise<
  { asOf: Instant; probability: number; low: number; high: number; band: string; version: string; reasons: Reason[] }[]
> {
  const rows = await database.query<{
    as_of: Date;
    probability: number;
    low: number;
    high: number;
    band: string;
    version: string;
    reasons: Reason[];
  }>(
    `select as_of, probability, low, high, band, score.version, reasons from score
     join publication using (model, as_of, version) where entity_id = $2 and model = $1 order by as_of`,
    [model, partnerId],
  );
  return rows.map(({ as_of, ...row }) => ({ asOf: as_of.getTime(), ...row }));
}

/** How many scores of a publication are in each band, what the listed ones put at risk, and in which currency. */
export async function summaryOf(
  database: Database,
  { model, version, asOf }: Publication,
): Promise<{
  high: number;
  medium: number;
  low: number;
  listed: number;
  listedValueMinor: number | null;
  currency: string | null;
}> {
  const [row] = await database.query<{
    high: number;
    medium: number;
    low: number;
    listed: number;
    listedValueMinor: number | null;
    currency: string | null;
  }>(
    `select count(*) filter (where band = 'high') as high, count(*) filter (where band = 'medium') as medium,
       count(*) filter (where band = 'low') as low, count(*) filter (where listed) as listed,
       sum(value_at_risk_minor) filter (where listed)::bigint as "listedValueMinor", max(currency) as currency
     from score where model = $1 and as_of = $2 and version = $3`,
    [model, new Date(asOf), version],
  );
  return row;
}
