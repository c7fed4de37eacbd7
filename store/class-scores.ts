import type { ClassScore, Instant } from '../models/index.ts';
import { copyLine } from './copy-text.ts';
import { copyRows, type Database } from './database.ts';
import { LATEST_PARTNERS, type Partner, type PartnerRow, toPartner } from './partners.ts';
import { keepPublication, type Publication, publicationOf } from './publications.ts';

/** A score of classes as it stands in the store. */
export type StoredClassScore = Omit<ClassScore, 'asOf'>;

/** A score of classes with who it is about. */
export interface PartnerClassScore extends StoredClassScore {
  model: string;
  modelVersion: string;
  asOf: Instant;
  partner: Partner;
}

/** In which order scores of classes come, and after which one to go on. */
export interface ClassScorePage {
  /** The place of the class whose probability sorts, the highest first; null sorts by id. */
  byClass: number | null;
  limit: number;
  /** Probability and id of the last score of the page before; the probability is null when sorted by id. */
  after?: { probability: number | null; entityId: string } | undefined;
}

/** What to select scores of classes by; everything is optional. */
export interface ClassScoreFilter {
  entityId?: string | undefined;
  likeliest?: string | undefined;
}

const COLUMNS = [
  'entity_id',
  'model',
  'version',
  'as_of',
  'horizon_days',
  'classes',
  'probabilities',
  'lows',
  'highs',
  'likeliest',
  'toward',
  'rather_than',
  'reasons',
  'missing',
  'evidence',
  'inputs_digest',
];
const PER_COPY = 2000;

/** Makes a day's scores of classes stand, in place of those that stood for the same model and day. Call it in a transaction. */
export async function publishClassScores(
  transaction: Database,
  publication: Publication,
  scores: readonly ClassScore[],
): Promise<void> {
  const { model, version, asOf } = publication;
  await transaction.query('delete from class_score where model = $1 and as_of = $2', [model, new Date(asOf)]);
  for (let from = 0; from < scores.length; from += PER_COPY) {
    const lines = scores
      .slice(from, from + PER_COPY)
      .map(({ chances, ...score }) =>
        copyLine([
          score.entityId,
          model,
          version,
          new Date(score.asOf),
          score.horizonDays,
          arrayText(chances.map((chance) => JSON.stringify(chance.class))),
          arrayText(chances.map(({ probability }) => probability)),
          arrayText(chances.map(({ low }) => low)),
          arrayText(chances.map(({ high }) => high)),
          score.likeliest,
          score.toward,
          score.ratherThan,
          JSON.stringify(score.reasons),
          JSON.stringify(score.missing),
          JSON.stringify(score.evidence),
          score.inputsDigest,
        ]),
      );
    await copyRows(transaction, 'class_score', COLUMNS, lines);
  }
  await keepPublication(transaction, publication);
}

/** An array in PostgreSQL's text format, its elements quoted where they need be. */
function arrayText(elements: readonly (string | number)[]): string {
  return `{${elements.join(',')}}`;
}

/** The scores of a list of classes as they were published, by partner. */
export async function storedClassScores(
  database: Database,
  { model, version, asOf }: Pick<Publication, 'model' | 'version' | 'asOf'>,
): Promise<StoredClassScore[]> {
  const rows = await database.query<ClassScoreRow>(
    'select * from class_score where model = $1 and as_of = $2 and version = $3 order by entity_id',
    [model, new Date(asOf), version],
  );
  return rows.map(toStored);
}

/** The scores of a publication that a filter selects, in a stable order. */
export async function classScoresOf(
  database: Database,
  { model, version, asOf }: Publication,
  { entityId, likeliest }: ClassScoreFilter,
  { byClass, limit, after }: ClassScorePage,
): Promise<PartnerClassScore[]> {
  const parameters: unknown[] = [model, new Date(asOf), version];
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const conditions = ['true'];
  if (entityId !== undefined) conditions.push(`entity_id = ${bind(entityId)}`);
  if (likeliest !== undefined) conditions.push(`likeliest = ${bind(likeliest)}`);
  const key = byClass === null ? null : `probabilities[${bind(byClass + 1)}::int]`;
  if (after && key === null) conditions.push(`entity_id > ${bind(after.entityId)}`);
  if (after && key !== null) {
    const last = `${bind(after.probability)}::double precision`;
    conditions.push(`(${key} < ${last} or (${key} = ${last} and entity_id > ${bind(after.entityId)}))`);
  }
  const rows = await database.query<ClassScoreRow & PartnerRow>(
    `with latest as (
       select class_score.*, coalesce(partner.name, class_score.entity_id) as name, partner.type, partner.tier,
         partner.owner, partner.region, partner.country, partner.industry, partner.signed_on,
         partner.partner_id is null as is_stub
       from class_score left join (${LATEST_PARTNERS}) as partner on partner.partner_id = class_score.entity_id
       where class_score.model = $1 and class_score.as_of = $2 and class_score.version = $3)
     select * from latest where ${conditions.join(' and ')}
     order by ${key === null ? '' : `${key} desc, `}entity_id limit ${bind(limit)}`,
    parameters,
  );
  return rows.map((row) => ({
    ...toStored(row),
    model: row.model,
    modelVersion: row.version,
    asOf: row.as_of.getTime(),
    partner: toPartner(row.entity_id, row),
  }));
}

/** A partner's score in the latest list of a model of classes; null when it is not in it, or there is none. */
export async function classScoreOf(
  database: Database,
  model: string,
  entityId: string,
): Promise<PartnerClassScore | null> {
  const publication = await publicationOf(database, model);
  if (!publication) return null;
  const [score] = await classScoresOf(database, publication, { entityId }, { byClass: null, limit: 1 });
  return score ?? null;
}

interface ClassScoreRow {
  entity_id: string;
  model: string;
  version: string;
  as_of: Date;
  horizon_days: number;
  classes: string[];
  probabilities: number[];
  lows: number[];
  highs: number[];
  likeliest: string;
  toward: string;
  rather_than: string;
  reasons: ClassScore['reasons'];
  missing: string[];
  evidence: ClassScore['evidence'];
  inputs_digest: string;
}

function toStored(row: ClassScoreRow): StoredClassScore {
  return {
    entityId: row.entity_id,
    horizonDays: row.horizon_days,
    chances: row.classes.map((name, k) => ({
      class: name,
      probability: row.probabilities[k],
      low: row.lows[k],
      high: row.highs[k],
    })),
    likeliest: row.likeliest,
    toward: row.toward,
    ratherThan: row.rather_than,
    reasons: row.reasons,
    missing: row.missing,
    evidence: row.evidence,
    inputsDigest: row.inputs_digest,
  };
}
