import { type Command, InvalidArgumentError } from 'commander';
import {
  DIP_EXPECTS,
  discoveries,
  type Findings,
  plant,
  scoreSeries,
  seeded,
  type Trial,
  tellTrial,
  tryDetectors,
} from '../models/index.ts';
import { readWeeklyTable, type WeeklyTable } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { toCsv } from './output.ts';
import { bytesOf } from './plain-file.ts';
import type { Session } from './session.ts';
import { writeWhole } from './whole-file.ts';

interface Options {
  out: string;
  fdr: number;
  amounts?: boolean;
  trial?: boolean;
}

const DIGITS = 6;
/** A trial of the same file comes to the same. */
const SEED = 1;

/** `detect`: unusual weeks of a plain table, without a store. */
export function detectVerb(program: Command, session: Session): void {
  program
    .command('detect')
    .description('unusual weeks of a CSV of series,week,count: expected, p value and flag of every week')
    .argument('<file>', 'columns series, week (a number, a date or an ISO week) and count')
    .requiredOption('--out <file>', 'where to write series,week,expected,p,flag')
    .option('--fdr <share>', 'of the weeks flagged, about how many may be flagged wrongly', share, 0.1)
    .option('--amounts', 'the counts are amounts: any numbers from 0 on')
    .option('--trial', 'also plant unusual weeks into a copy, and say which detector finds how many of them')
    .action(async (file: string, { out, fdr, amounts, trial }: Options) => {
      const table = await read(file, amounts ? 'amounts' : 'counts');
      const findings = scoreSeries(table.set);
      const flags = flagged(findings, fdr);
      await writeWhole(out, [written(table, findings, flags)]);
      const trials = trial ? tryDetectors(plant(table.set, seeded(SEED)), fdr, seeded(SEED)) : null;
      tellDetected(session, table, findings, flags, { out, fdr, trials });
    });
}

/** A share, neither none nor all. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Give a share between 0 and 1, for example 0.1.');
}

async function read(file: string, law: 'counts' | 'amounts'): Promise<WeeklyTable> {
  try {
    return await readWeeklyTable(bytesOf(file), law);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    throw code === 'DATA_REFUSED' ? problem(code, `${file}: ${message}`) : error;
  }
}

/** 1 and −1 of the discoveries among all weeks of the file that are told of, else 0. */
function flagged({ p, direction }: Findings, fdr: number): Int8Array {
  const called = discoveries(p, fdr);
  return Int8Array.from(direction, (side, place) => side * called[place]);
}

function written({ rows }: WeeklyTable, { expected, p }: Findings, flags: Int8Array): string {
  const told = (value: number) => (Number.isNaN(value) ? null : Number(value.toPrecision(DIGITS)));
  const lines = rows.map(({ series, week, place }) => [
    series,
    week,
    told(expected[place]),
    told(p[place]),
    flags[place],
  ]);
  return toCsv(['series', 'week', 'expected', 'p', 'flag'], lines, false);
}

function tellDetected(
  { output }: Session,
  { set, rows }: WeeklyTable,
  { expected, p }: Findings,
  flags: Int8Array,
  { out, fdr, trials }: { out: string; fdr: number; trials: readonly Trial[] | null },
): void {
  const count = (keep: (place: number) => boolean) => rows.filter(({ place }) => keep(place)).length;
  const isTold = (place: number) => !Number.isNaN(p[place]);
  const found = {
    series: set.ids.length,
    weeks: rows.length,
    told: count(isTold),
    too_few_for_dips: count((place) => isTold(place) && expected[place] < DIP_EXPECTS),
    above: count((place) => flags[place] === 1),
    below: count((place) => flags[place] === -1),
    fdr,
    out,
  };
  if (output.format === 'json') output.json(trials ? { ...found, trial: trials.map(named) } : found);
  else if (output.format === 'csv') output.csv(Object.keys(found), [Object.values(found)]);
  else output.print(sentences(found));
  if (trials && output.format !== 'json') output.say(tellTrial(trials));
}

function sentences(
  found: Record<'series' | 'weeks' | 'told' | 'too_few_for_dips' | 'above' | 'below', number> & { out: string },
) {
  if (found.told === 0) {
    return `${found.weeks} weeks of ${found.series} series, none of them told of: every series needs half a year of known weeks first. ${found.out}`;
  }
  return (
    `${found.above} weeks above and ${found.below} below what was expected, of ${found.told} that could be told ` +
    `(${found.weeks} weeks of ${found.series} series); in ${found.too_few_for_dips} too few were expected to tell a dip. ${found.out}`
  );
}

/** A trial by the names of `--json`. */
function named({ name, averagePrecision, precision, recall, dips, behind }: Trial) {
  return { name, average_precision: averagePrecision, precision, recall, dips, behind };
}
