import { formatDay, type Instant } from '../features/index.ts';
import {
  type AnyModel,
  classScoringModels,
  isClassModel,
  loadVersion,
  loadVersionOf,
  type ScoringModel,
  scoringModels,
  versionsInUse,
} from '../models/index.ts';
import {
  type Publication,
  type PublicationFilter,
  promotionsOf,
  publications,
  type RegisteredVersion,
  type StoredScore,
  storedScores,
  storedVersion,
} from '../store/index.ts';
import { auditClasses } from './class-audit.ts';
import type { Context } from './context.ts';
import { differenceIn, firstDifference } from './difference.ts';
import { deriveScores } from './score.ts';

/** What became of a list that was to be derived again. */
export interface Audit {
  model: string;
  version: string;
  asOf: Instant;
  /** How many scores were compared. */
  rows: number;
  verdict: 'ok' | 'differs' | 'not re-derivable';
  /** What differs, or why the list cannot be derived again, as a sentence; null where all is well. */
  because: string | null;
}

/**
 * Derives published scores again from what was then known: the facts of the loads that were there, as of the list's
 * day, by the version and the settings it was made with; and compares them with what is stored, bit by bit. Ends with
 * the first list that differs.
 * @param tell shown each list as it is done
 */
export async function auditLeakage(
  context: Context,
  filter: PublicationFilter,
  tell: (audit: Audit) => void,
): Promise<Audit[]> {
  const audits: Audit[] = [];
  for (const publication of await publications(context.database, filter)) {
    const audit = await auditList(context, publication);
    tell(audit);
    audits.push(audit);
    if (audit.verdict === 'differs') break;
  }
  return audits;
}

async function auditList(context: Context, publication: Publication): Promise<Audit> {
  const { model: name, version, asOf, made } = publication;
  const audit = { model: name, version, asOf, rows: 0 };
  const cannot = (because: string): Audit => ({ ...audit, verdict: 'not re-derivable', because });
  if (made === null) return cannot('It was published before the store kept what lists are made from.');
  const model = [...scoringModels, ...classScoringModels].find((each) => each.name === name);
  const registered = await storedVersion(context.database, name, version);
  if (!model || !registered) return cannot(`There is no ${model ? `version ${version}` : 'such model'} any more.`);
  const unreadable = whyUnreadable(model, registered);
  if (unreadable !== null) return cannot(`${unreadable}.`);
  // From the rows themselves: what is kept as columns is to be audited as well.
  const then = { ...context, settings: { ...context.settings, ...made.settings }, cacheDirectory: null };
  const derived = isClassModel(model)
    ? await auditClasses(then, model, registered, publication, made.loadId)
    : await auditScores(then, model, registered, publication, made);
  const because = derived.because ?? (await whyNotInUse(context, publication));
  return because === null ? { ...audit, rows: derived.rows, verdict: 'ok', because } : differs(audit, because);
}

/** Why a version cannot be scored with any more; null where it can. */
function whyUnreadable(model: AnyModel, registered: RegisteredVersion): string | null {
  try {
    loadVersionOf(model, registered);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

/** As `auditClasses` of a list of one outcome. */
async function auditScores(
  then: Context,
  model: ScoringModel,
  registered: RegisteredVersion,
  publication: Publication,
  { loadId, settings }: NonNullable<Publication['made']>,
): Promise<{ rows: number; because: string | null }> {
  const { scores, watermark } = await deriveScores(then, model, loadVersion(registered), publication.asOf, loadId);
  const stored = await storedScores(then.database, publication);
  const { reporting_currency } = settings;
  const again = scores.map((score) => ({
    ...score,
    currency: score.valueAtRiskMinor === null ? null : reporting_currency,
  }));
  const because =
    firstDifference(stored, again, FIELDS) ?? differenceIn('watermark', 'the list', publication.watermark, watermark);
  return { rows: stored.length, because };
}

async function whyNotInUse(
  context: Context,
  { model: name, version, asOf, publishedAt }: Publication,
): Promise<string | null> {
  const decided = (await promotionsOf(context.database, name)).filter(({ decidedAt }) => decidedAt <= publishedAt);
  const wasInUse = versionsInUse(decided, asOf).includes(version);
  return wasInUse ? null : `it was published by ${version}, which was not in use on that day.`;
}

function differs(audit: Omit<Audit, 'verdict' | 'because'>, because: string): Audit {
  return { ...audit, verdict: 'differs', because: `${audit.model} as of ${formatDay(audit.asOf)}: ${because}` };
}

/** What is compared, by the names of the store; the features first, since from others all else would differ. */
const FIELDS: readonly [name: string, field: keyof StoredScore][] = [
  ['inputs_digest', 'inputsDigest'],
  ['probability', 'probability'],
  ['low', 'low'],
  ['high', 'high'],
  ['survival', 'survival'],
  ['band', 'band'],
  ['reasons', 'reasons'],
  ['missing', 'missing'],
  ['evidence', 'evidence'],
  ['listed', 'listed'],
  ['value_at_risk_minor', 'valueAtRiskMinor'],
  ['currency', 'currency'],
  ['action', 'action'],
  ['horizon_days', 'horizonDays'],
];
