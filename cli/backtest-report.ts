import { formatDay } from '../features/index.ts';
import {
  type BacktestResult,
  FEWEST_PARTNERS,
  type LeadTime,
  metrics,
  type OutcomeWords,
  type Slice,
  scoringModelNamed,
  writePercent,
} from '../models/index.ts';
import type { BacktestRun } from '../pipelines/index.ts';
import { figure, figureTable, percents } from './figure-table.ts';
import { type Output, table } from './output.ts';

const METRICS = metrics.map(({ name }) => name);
/** What stands in the table; the slope has a sentence of its own. */
const SHOWN = METRICS.filter((name) => name !== 'calibration_slope');
/** Parts of a test that are shown to people, the largest. */
const SLICES_SHOWN = 8;

/** Prints a backtest: for people the estimators first, then the champion from all sides. */
export function tellBacktest(output: Output, run: BacktestRun): void {
  if (output.format === 'json') output.json(document(run));
  else if (output.format === 'csv') tellEstimatorsCsv(output, run.result);
  else for (const section of sections(run.result)) output.print(section);
}

function document({ result, learntUntil, purged }: BacktestRun): unknown {
  const { model, train, test, champion, verdict, capacity, leadTime, falseAlarms, learningCurve } = result;
  return {
    model,
    train: { rows: train.rows, base_rate: train.baseRate, until: formatDay(learntUntil), purged_cutoffs: purged },
    test: { rows: test.rows, base_rate: test.baseRate, partners: test.partners },
    estimators: result.estimators.map(({ name, figures }) => ({ name, ...figures })),
    champion,
    verdict: verdict.text,
    gain: { against: verdict.rule, log_loss: verdict.gain },
    challengers: result.challengers.map(({ name, logLoss, auc, verdict }) => ({
      name,
      log_loss: logLoss,
      auc,
      verdict,
    })),
    at_capacity: capacity && {
      capacity: capacity.capacity,
      lists: capacity.lists,
      flagged: capacity.flagged,
      hits: capacity.hits,
      hit_rate: capacity.hitRate,
      recency_rate: capacity.recencyRate,
      anyone_rate: capacity.anyoneRate,
      above_recency: capacity.aboveRecency,
      caught: capacity.caught,
    },
    lead_time: leadTime && {
      endings: leadTime.endings,
      caught: leadTime.caught,
      known_by_first_list: leadTime.atLeast,
      never: leadTime.never,
      median_days: leadTime.medianDays,
    },
    false_alarms: falseAlarms && {
      count: falseAlarms.count,
      partner_quarters: falseAlarms.partnerQuarters,
      per_partner_quarter: falseAlarms.perPartnerQuarter,
    },
    unseen: result.unseen.map(sliceInJson),
    segments: result.segments.map(({ by, segments }) => ({ by, segments: segments.map(sliceInJson) })),
    learning_curve: {
      points: learningCurve.points.map(({ logLoss, ...point }) => ({ ...point, log_loss: logLoss })),
      last_doubling: learningCurve.lastDoubling,
      text: learningCurve.text,
    },
  };
}

function sliceInJson({ baseRate, logLoss, ...slice }: Slice) {
  return { ...slice, base_rate: baseRate, log_loss: logLoss };
}

function tellEstimatorsCsv(output: Output, { estimators }: BacktestResult): void {
  output.csv(
    ['estimator', ...METRICS.flatMap((name) => [name, `${name}_low`, `${name}_high`])],
    estimators.map(({ name, figures }) => [
      name,
      ...METRICS.flatMap((column) => [figures[column].value, figures[column].low, figures[column].high]),
    ]),
  );
}

function sections(result: BacktestResult): string[] {
  const { model, train, test, champion, learningCurve } = result;
  const { words } = scoringModelNamed(model);
  return [
    `${model}: learnt from ${train.rows} rows (${share(train.baseRate)} ${words.happened}),\n` +
      `judged on ${test.rows} later rows of ${test.partners} partners (${share(test.baseRate)}).\n`,
    figureTable(result.estimators, SHOWN, champion),
    '\n95 % intervals by a bootstrap over partners; * champion, chosen inside the training time.',
    `${result.verdict.text}\n${tellCalibration(result)}`,
    `\nThe others beside ${champion}, on the same draws of partners:\n${challengerTable(result)}`,
    `\n${tellLists(result)}`,
    `\nPartners that the training knew, and those it did not:\n${slices('partners', result.unseen, words)}`,
    ...result.segments.map(({ by, segments }) => `\nBy ${by}:\n${slices(by, segments, words)}`),
    `\n${champion} learnt from fewer partners:\n${curveTable(result)}`,
    learningCurve.text,
  ];
}

function tellCalibration({ estimators, champion }: BacktestResult): string {
  const slope = estimators.find(({ name }) => name === champion)?.figures['calibration_slope'];
  if (!slope || Number.isNaN(slope.value)) return '';
  const fits = slope.low <= 1 && slope.high >= 1;
  return `Its probabilities ${fits ? 'mean what they say' : 'are off'}: calibration slope ${figure(slope)}, 1 being right.`;
}

function challengerTable({ challengers }: BacktestResult): string {
  return table([
    ['estimator', 'log loss higher by', 'AUC higher by', 'so it is'],
    ...challengers.map(({ name, logLoss, auc, verdict }) => [name, figure(logLoss), figure(auc), verdict]),
  ]);
}

function curveTable({ learningCurve }: BacktestResult): string {
  return table([
    ['partners', 'rows', 'log loss', 'AUC'],
    ...learningCurve.points.map(({ partners, rows, logLoss, auc }) => [partners, rows, figure(logLoss), figure(auc)]),
  ]);
}

/** What the lists would have been worth to the team: precision, lead time and false alarms. */
function tellLists({ model, capacity, leadTime, falseAlarms }: BacktestResult): string {
  if (capacity === null) return 'No list would have had anybody on it: nobody in the test reached the medium band.';
  const { lists, flagged, hits, hitRate, recencyRate, anyoneRate, caught } = capacity;
  const { words, label, highIs } = scoringModelNamed(model);
  const sentences = [
    `${lists} lists of at most ${capacity.capacity}. Of ${flagged} flagged ${hits} ${words.happened}: ${percents(hitRate)}; ` +
      `${words.rule} ${percents(recencyRate)}, anyone ${percents(anyoneRate)}.`,
    `Of those who ${words.happened} ${percents(caught)} were on a list of that day.`,
  ];
  if (leadTime !== null && highIs === 'risk') sentences.push(tellLeadTime(leadTime, label.horizonDays));
  if (falseAlarms !== null) {
    const { count, perPartnerQuarter } = falseAlarms;
    sentences.push(`False alarms: ${count}, ${figure(perPartnerQuarter)} per partner and quarter at risk.`);
  }
  return sentences.join('\n');
}

function tellLeadTime({ endings, medianDays, never, atLeast }: LeadTime, horizonDays: number): string {
  const missed = `How early: of ${endings} endings ${percents(never)} were on no list`;
  if (medianDays === null) return `${missed}.`;
  const { value, low, high } = medianDays;
  const before = `${Math.round(value)} days (${Math.round(low)}–${Math.round(high)})`;
  const already = atLeast === 0 ? '' : `; ${atLeast} were on the first list already`;
  return (
    `${missed}; half of the others were on one ${before} or more before they were plain, ` +
    `after ${horizonDays} days of silence or with the agreement's end${already}.`
  );
}

function slices(by: string, parts: readonly Slice[], { happened, stayed }: OutcomeWords): string {
  const shown = table([
    [by, 'rows', 'partners', happened, 'said', 'AUC', 'log loss'],
    ...parts
      .slice(0, SLICES_SHOWN)
      .map(({ name, rows, partners, baseRate, predicted, auc, logLoss }) => [
        name,
        rows,
        partners,
        percents(baseRate),
        writePercent(predicted),
        auc === null ? 'too few' : figure(auc),
        logLoss === null ? '' : figure(logLoss),
      ]),
  ]);
  const notes = [
    parts.length > SLICES_SHOWN && `and ${parts.length - SLICES_SHOWN} smaller ones (--json has them all)`,
    parts.some(({ auc }) => auc === null) &&
      `too few: fewer than ${FEWEST_PARTNERS} partners that ${happened}, or that ${stayed}`,
  ].filter((note) => note !== false);
  return [shown, ...notes].join('\n');
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
