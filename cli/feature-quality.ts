import { describedFeatures, type FeatureView, shortest } from '../features/index.ts';
import { type FeatureQuality, tellSuspicious, writePercent } from '../models/index.ts';
import type { QualityReport } from '../pipelines/index.ts';
import { type Output, table } from './output.ts';

/** A report as a table for people or as CSV, with what is odd said beside it. */
export function tellQuality(output: Output, view: FeatureView, report: QualityReport): void {
  const units = new Map(describedFeatures(view).map(({ name, unit }) => [name, unit]));
  if (output.format === 'csv') {
    const rows = report.features.map((quality) => Object.values(record(quality, units.get(quality.feature) ?? '')));
    output.csv(
      COLUMNS,
      rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell))),
    );
  } else if (report.summary.rows > 0) {
    const rows = report.features.map((quality) => line(quality, units.get(quality.feature) ?? ''));
    output.print(table([HEADER, ...rows]));
    output.print(`\n${legend(report)}`);
  }
  sayWhatIsOdd(output, report);
}

function legend({ summary, outcomes, features }: QualityReport): string {
  const looked =
    `Of ${summary.rows} rows at risk. psi: how far the last of the days is from those before; above 0.25 it has drifted, ` +
    'above 0.1 it has moved.';
  if (!outcomes) return `${looked}\nauc: no day is long enough ago for its outcomes to be known.`;
  const held = `${outcomes.rows} rows with a known outcome of ${outcomes.model}`;
  if (features.every(({ separation }) => separation === null))
    return `${looked}\nauc: too few of a kind among ${held}.`;
  return `${looked}\nauc: how well a feature alone tells apart ${held}; 0.5 is not at all, 1 is fully.`;
}

const HEADER = ['feature', 'unit', 'unknown', 'least', 'median', 'most', 'psi', 'drift', 'auc', 'outcome where'];

function line({ feature, unknown, min, median, max, drift, separation }: FeatureQuality, unit: string): string[] {
  return [
    feature,
    unit,
    writePercent(unknown),
    ...[min, median, max].map((value) => (value === null ? '' : short(value))),
    drift ? drift.psi.toFixed(2) : '',
    drift ? (drift.verdict === 'unclear' ? 'too few to tell' : drift.verdict) : '',
    separation ? separation.auc.toFixed(2) : '',
    separation ? separation.outcome : '',
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What is out of the ordinary in a report, on stderr; nothing when all is well. */
export function sayWhatIsOdd(output: Output, { summary }: QualityReport): void {
  const { rows, unknown, constant, drifted, unclear, features } = summary;
  if (rows === 0)
    output.say('No partner was at risk on these days: of the quality of the features nothing can be said.');
  const odd: [string, string[]][] = [
    ['never known', unknown],
    ['always the same', constant],
    ['drifted', drifted.map(({ feature, psi }) => `${feature} (PSI ${psi.toFixed(2)})`)],
  ];
  const lines = odd.filter(([, names]) => names.length > 0).map(([what, names]) => [what, names.length, some(names)]);
  if (lines.length > 0) output.say(table([[`of ${rows} rows at risk`, '', ''], ...lines]));
  if (unclear > 0)
    output.say(
      `${unclear} of ${features} features look as if they had moved, but with so few partners chance can do as much.`,
    );
  const suspicion = tellSuspicious(summary);
  if (suspicion !== null) output.say(suspicion);
}

const SHOWN = 6;

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more}`;
}

/** A report in the words of our JSON. */
export function qualityJson({ summary, outcomes, features }: QualityReport): object {
  const { rows, unknown, constant, drifted, unclear, suspicious } = summary;
  const each = features.map((quality) => record(quality));
  return { rows, unknown, constant, drifted, unclear, suspicious, outcomes, features: each };
}

const COLUMNS = [
  'feature',
  'unit',
  'rows',
  'unknown',
  'constant',
  'min',
  'median',
  'max',
  'psi',
  'psi_chance',
  'drift',
  'auc',
  'outcome',
  'suspicious',
];
function record({ feature, drift, separation, ...rest }: FeatureQuality, unit?: string): Record<string, unknown> {
  const { rows, unknown, constant, min, median, max } = rest;
  const [same, least, middle, most] = [constant, min, median, max].map(
    (value) => value && shortest(Math.fround(value)),
  );
  return {
    feature,
    ...(unit === undefined ? {} : { unit }),
    rows,
    unknown,
    constant: same,
    min: least,
    median: middle,
    max: most,
    psi: drift?.psi ?? null,
    psi_chance: drift?.chance ?? null,
    drift: drift?.verdict ?? null,
    auc: separation?.auc ?? null,
    outcome: separation?.outcome ?? null,
    suspicious: separation?.isSuspicious ?? null,
  };
}
