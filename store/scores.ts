import type { Instant, Reason, Score, Survival } from '../models/index.ts';
import { copyLine } from './copy-text.ts';
import { copyRows, type Database } from './database.ts';

/** A list of scores that stands: for this model and day, of this version. */
export interface Publication {
  model: string;
  version: string;
  asOf: Instant;
  watermark: Instant;
  scored: number;
  publishedAt: Instant;
  /** What it was made from; null where it was published before this was kept. */
  made: Made | null;
}

/** What a list of scores was made from. */
export interface Made {
  /** The last load that was there. */
  loadId: number;
  settings: ScoreSettings;
  /** The run that published it (see `runId`); null where the list was asked for by itself. */
  run: string | null;
}

/** The settings that a score depends on, by the names they are declared by. */
export interface ScoreSettings {
  qualifying_kinds: string[];
  reporting_currency: string;
  team_capacity: number;
}

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

/** A partner as it is known today; a stub has no more than its id. */
export interface Partner {
  id: string;
  name: string;
  type: string | null;
  tier: string | null;
  owner: string | null;
  region: string | null;
  country: string | null;
  industry: string | null;
  signedOn: string | null;
  isStub: boolean;
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

/** Says that a list stands, in place of the one that stood for the same model and day. Call it in a transaction. */
export async function keepPublication(transaction: Database, publication: Publication): Promise<void> {
  const { model, version, asOf, made } = publication;
  await transaction.query(
    `insert into publication (model, as_of, version, watermark, scored, published_at, load_id, settings, run)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
     on conflict (model, as_of) do update set version = excluded.version, watermark = excluded.watermark,
       scored = excluded.scored, published_at = excluded.published_at, load_id = excluded.load_id,
       settings = excluded.settings, run = excluded.run`,
    [
      model,
      new Date(asOf),
      version,
      new Date(publication.watermark),
      publication.scored,
      new Date(publication.publishedAt),
      made?.loadId ?? null,
      made === null ? null : JSON.stringify(made.settings),
      made?.run ?? null,
    ],
  );
}

/** The four columns of a curve, as PostgreSQL writes arrays. */
function survivalCells(survival: Survival | null): (string | null)[] {
  if (survival === null) return [null, null, null, null];
  const { days, probability, low, high } = survival;
  return [days, probability, low, high].map((values) => `{${values.join()}}`);
}

/** A curve as the table has it. */
export interface SurvivalColumns {
  survival_days: number[] | null;
  survival: number[] | null;
  survival_low: number[] | null;
  survival_high: number[] | null;
}

/** A curve from its columns; null where none was told. */
export function toSurvival(row: SurvivalColumns): Survival | null {
  const { survival_days: days, survival: probability, survival_low: low, survival_high: high } = row;
  return days && probability && low && high ? { days, probability, low, high } : null;
}

/** The latest list of a model, or that of a day; null when there is none. */
export async function publicationOf(database: Database, model: string, asOf?: Instant): Promise<Publication | null> {
  const [row] = await database.query<PublicationRow>(
    `select * from publication
     where model = $1 and ($2::timestamptz is null or as_of = $2) order by as_of desc limit 1`,
    [model, asOf === undefined ? null : new Date(asOf)],
  );
  return row ? toPublication(row) : null;
}

/** A list as the table has it. */
export interface PublicationRow {
  model: string;
  version: string;
  as_of: Date;
  watermark: Date;
  scored: number;
  published_at: Date;
  load_id: number | null;
  settings: ScoreSettings | null;
  run: string | null;
}

/** A list from its row. */
export function toPublication(row: PublicationRow): Publication {
  const { load_id: loadId, settings, run } = row;
  return {
    model: row.model,
    version: row.version,
    asOf: row.as_of.getTime(),
    watermark: row.watermark.getTime(),
    scored: row.scored,
    publishedAt: row.published_at.getTime(),
    made: loadId === null || settings === null ? null : { loadId, settings, run },
  };
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

/** Partners in the version known latest. */
export const LATEST_PARTNERS = 'select distinct on (partner_id) * from partner order by partner_id, known_at desc';

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

/** What is known of a partner today, as the tables have it. */
export interface PartnerRow {
  name: string;
  type: string | null;
  tier: string | null;
  owner: string | null;
  region: string | null;
  country: string | null;
  industry: string | null;
  signed_on: string | null;
  is_stub: boolean;
}

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

/** A partner from its row. */
export function toPartner(id: string, row: PartnerRow): Partner {
  const { name, type, tier, owner, region, country, industry } = row;
  return { id, name, type, tier, owner, region, country, industry, signedOn: row.signed_on, isStub: row.is_stub };
}

/** One partner as known today; null when no input has named it. */
export async function partnerWithId(database: Database, partnerId: string): Promise<Partner | null> {
  const [row] = await database.query<PartnerRow>(
    `select coalesce(partner.name, named.partner_id) as name, type, tier, owner, region, country, industry, signed_on,
       partner.partner_id is null as is_stub
     from partner_key as named left join (${LATEST_PARTNERS}) as partner using (partner_id)
     where named.partner_id = $1`,
    [partnerId],
  );
  return row ? toPartner(partnerId, row) : null;
}

/** The names of partners as they are known today, by id; a stub is named by its id. */
export async function partnerNames(database: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; name: string }>(
    `select distinct on (partner_id) partner_id as id, name from partner where partner_id = any($1)
     order by partner_id, known_at desc`,
    [[...ids]],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return new Map(ids.map((id) => [id, names.get(id) ?? id]));
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

/** The distinct values a list can be filtered by. */
export async function filterChoices(
  database: Database,
): Promise<{ owners: string[]; tiers: string[]; types: string[] }> {
  const [row] = await database.query<{ owners: string[] | null; tiers: string[] | null; types: string[] | null }>(
    `select array_agg(distinct owner) filter (where owner is not null) as owners,
       array_agg(distinct tier) filter (where tier is not null) as tiers,
       array_agg(distinct type) filter (where type is not null) as types
     from (${LATEST_PARTNERS}) as partner`,
  );
  return { owners: row.owners ?? [], tiers: row.tiers ?? [], types: row.types ?? [] };
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
