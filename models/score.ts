import { describedFeatures, type FeatureTable, type History, type Instant } from '../features/index.ts';
import { predictCalibrated } from './calibrated.ts';
import { type Contribution, logit, type Model } from './estimator.ts';
import { inputsDigests } from './inputs-digest.ts';
import { lacks, prepareTelling, type Reason, tellReasons } from './reasons.ts';
import { intervalOf } from './refits.ts';
import { reviewList } from './review-list.ts';
import { type Band, bandOf, type ScoringModel } from './scoring-model.ts';
import { type Survival, survivalOf } from './survival.ts';
import type { FittedVersion } from './train.ts';

/** What a score shows beside its reasons: the partner's recent past, as known on the day. */
export interface Evidence {
  /** Qualifying events per week, oldest first. */
  weeks: readonly number[];
  lastBusiness: Instant | null;
  lastSignOfLife: Instant | null;
  renewsOn: Instant | null;
  /** Money won in the last 365 days, in minor units of the reporting currency; null is unknown. */
  wonMinor: number | null;
}

/** What the partner is expected to bring in the horizon if it stays, in minor units; left out where it is unknown. */
export interface Expected {
  expectedMinor?: number;
}

/** What the reasons' log-odds are added to, before and after; with them they are those of the probability. */
export interface Balance {
  /** What the model says of anybody. */
  baseLogOdds: number;
  /** What the calibration adds. */
  calibrationLogOdds: number;
}

/** One partner's score on one day. */
export interface Score {
  entityId: string;
  asOf: Instant;
  horizonDays: number;
  probability: number;
  /** 90 % interval of the probability, over resampled partners (see `intervalOf`). */
  low: number;
  high: number;
  /** How the probability goes on before and after the horizon; null where the label is no matter of waiting. */
  survival: Survival | null;
  band: Band;
  /** On the list of those the team can call this week. */
  listed: boolean;
  /** Probability × what the partner is expected to bring in the horizon if it stays; null is unknown. */
  valueAtRiskMinor: number | null;
  action: string;
  reasons: Reason[];
  /** Features that were unknown. */
  missing: string[];
  evidence: Evidence & Balance & Expected;
  /** Tells whether its features are the same again (see `inputsDigests`). */
  inputsDigest: string;
}

/** What scoring needs to know of a partner beside its features. */
export interface Beside {
  evidence: Evidence;
  /** The partner's own baselines by feature. */
  usual: ReadonlyMap<string, number | null>;
}

const WEEKS = 52;
const DAYS_PER_YEAR = 365;

/** Reads what a score shows beside its reasons from a history. */
export function besidesOf(model: Pick<ScoringModel, 'view'>, history: History): Beside {
  const renewals = history
    .agreements()
    .filter(({ endedOn }) => endedOn === null || endedOn >= history.cutoff)
    .flatMap(({ renewsOn }) => (renewsOn !== null && renewsOn >= history.cutoff ? [renewsOn] : []));
  return {
    evidence: {
      weeks: history.series('qualifying', WEEKS),
      lastBusiness: history.latestEvent('qualifying'),
      lastSignOfLife: history.latestEvent('life'),
      renewsOn: renewals.length === 0 ? null : Math.min(...renewals),
      wonMinor: history.money('won', DAYS_PER_YEAR),
    },
    usual: new Map(model.view.features.flatMap(({ name, usual }) => (usual ? [[name, usual(history)] as const] : []))),
  };
}

/**
 * Scores everyone at risk on one day.
 * @param table the features of one cutoff, all partners known then
 * @param besides per row at risk, by partner
 * @param capacity how many the team can call
 * @param currency ISO 4217 code of the reporting currency
 */
export function scoreTable(
  model: ScoringModel,
  fitted: FittedVersion,
  table: FeatureTable,
  besides: ReadonlyMap<string, Beside>,
  { capacity, currency }: { capacity: number; currency: string },
): Score[] {
  const probabilities = predictCalibrated(fitted.champion, table);
  const refits = fitted.refits.map((refit) => predictCalibrated(refit, table));
  const values = fitted.value?.predict(table);
  const rows = [...table.entities.keys()].filter((row) => table.atRisk[row]);
  const listed = new Set(
    reviewList(
      rows.map((row) => probabilities[row]),
      model.bands.medium,
      capacity,
    ).map((i) => rows[i]),
  );
  const telling = prepareTelling(model.view, fitted.directions, table, currency, model.highIs === 'risk' ? 1 : -1);
  const digestOf = inputsDigests(table);
  const { intercept, contributions } = contributionsOf(fitted.champion.model, table, rows);
  return rows.map((row, i) => {
    const beside = besides.get(table.entities[row]);
    if (!beside) throw new RangeError(`nothing beside the features is known of ${table.entities[row]}`);
    const reasons = tellReasons(telling, row, contributions(i), beside.usual);
    const probability = probabilities[row];
    const others = refits.map((refit) => refit[row]);
    const expectedMinor = model.highIs === 'risk' ? expectedOf(values?.[row], beside, model.label.horizonDays) : null;
    return {
      entityId: table.entities[row],
      asOf: table.cutoffs[row],
      horizonDays: model.label.horizonDays,
      probability,
      ...intervalOf(probability, others),
      survival: fitted.waits && survivalOf(fitted.waits, probability, others, model.label.horizonDays),
      band: bandOf(model, probability),
      listed: listed.has(row),
      valueAtRiskMinor: expectedMinor === null ? null : Math.round(probability * expectedMinor),
      action: actionFor(model, reasons),
      reasons,
      missing: describedFeatures(model.view)
        .map(({ name }) => name)
        .filter((_, i) => Number.isNaN(table.columns[i][row])),
      evidence: {
        ...beside.evidence,
        ...balanceOf(intercept, reasons, probability),
        ...(expectedMinor !== null && { expectedMinor }),
      },
      inputsDigest: digestOf(row),
    };
  });
}

function balanceOf(intercept: number, reasons: readonly Reason[], probability: number): Balance {
  const said = reasons.reduce((sum, { log_odds }) => sum + log_odds, intercept);
  return { baseLogOdds: intercept, calibrationLogOdds: logit(probability) - said };
}

/** What the model says of anybody, and what each feature adds to the log-odds of the rows, by their place among them. */
function contributionsOf(
  model: Model,
  table: FeatureTable,
  rows: readonly number[],
): { intercept: number; contributions: (i: number) => Contribution[] } {
  if (!model.explain) throw new RangeError(`${model.estimator} cannot tell why, so its scores are not published`);
  const { intercept, features, contributions } = model.explain(table, rows);
  return {
    intercept,
    contributions: (i) => features.map((feature, place) => ({ feature, logOdds: contributions[i][place] })),
  };
}

/** What a partner is expected to bring if it stays: by the version's model, or in one of before that by last year's rate. */
function expectedOf(value: number | undefined, { evidence }: Beside, horizonDays: number): number | null {
  if (value !== undefined) return Number.isNaN(value) ? null : Math.round(value);
  return evidence.wonMinor === null ? null : Math.round((evidence.wonMinor * horizonDays) / DAYS_PER_YEAR);
}

function actionFor(model: ScoringModel, reasons: readonly Reason[]): string {
  const first = reasons.find(({ log_odds, feature, value, peers }) =>
    model.highIs === 'risk' ? log_odds > 0 : log_odds < 0 && lacks(feature, value, peers),
  );
  return (first && model.actions[first.topic]) ?? model.usualAction;
}
