import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { measureAll } from '../../models/bootstrap.ts';
import { type Measured, metricNamed, rank, seeded } from '../../models/index.ts';
import { command } from '../helpers/command-line.ts';
import { recordRun } from '../helpers/runs-file.ts';

const FILE = fileURLToPath(new URL('../../../shared/data/weekly-anomalies/weekly_injected.csv', import.meta.url));
const RUNS = new URL('./RUNS.md', import.meta.url);
/** The reference scores no week that has fewer before it. */
const WARM_UP = 52;
const REFERENCE = { averagePrecision: 0.432, precision: 0.68, recall: 0.1 };

interface Week {
  series: string;
  injected: number;
  p: number;
  flag: number;
}

describe('weeks injected into real series: settings chosen on odd-numbered series, reported on even ones', () => {
  let weeks: Week[];
  let averagePrecision: Measured;
  let precision: Measured;
  let recall: Measured;
  let dips: { found: number; all: number };

  beforeAll(async () => {
    if (!existsSync(FILE)) throw new Error(`The exam needs ${FILE}, which is not here.`);
    weeks = await detected((number) => number % 2 === 0);
    const ranked = rank(
      Float64Array.from(weeks, ({ p }) => 1 - p),
      Uint8Array.from(weeks, ({ injected }) => Math.abs(injected)),
    );
    const share = (of: (week: Week) => boolean, among: (week: Week) => boolean) => (weights: ArrayLike<number>) => {
      const sum = (keep: (week: Week) => boolean) =>
        weeks.reduce((total, week, i) => total + (keep(week) ? weights[i] : 0), 0);
      return sum((week) => among(week) && of(week)) / sum(among);
    };
    const isInjected = ({ injected }: Week) => injected !== 0;
    const isFlagged = ({ flag }: Week) => flag !== 0;
    [averagePrecision, precision, recall] = measureAll(
      weeks.map(({ series }) => series),
      [
        (weights) => metricNamed('average_precision').compute(ranked, weights),
        share(isInjected, isFlagged),
        share(isFlagged, isInjected),
      ],
      seeded(1),
    );
    const ofDips = weeks.filter(({ injected }) => injected < 0);
    dips = { found: ofDips.filter(({ flag }) => flag < 0).length, all: ofDips.length };
    recordRun(RUNS, 'Weeks injected into real series', [
      weeks.length,
      tell(averagePrecision),
      tell(precision),
      tell(recall),
      `${dips.found} of ${dips.all}`,
    ]);
  });

  it('judges the weeks the reference judges', () => {
    expect(weeks).toHaveLength(7456);
    expect(weeks.filter(({ injected }) => injected !== 0)).toHaveLength(213);
    expect(dips.all).toBe(14);
  });

  it("ranks them better than the reference's robust negative binomial", () => {
    expect(averagePrecision.value).toBeGreaterThan(REFERENCE.averagePrecision);
  });

  it('flags more of them, at no more false alarms', () => {
    expect(precision.value).toBeGreaterThanOrEqual(REFERENCE.precision);
    expect(recall.value).toBeGreaterThan(REFERENCE.recall);
  });
});

/** What `detect` says of some of the series, in a file of their own. */
async function detected(isAsked: (number: number) => boolean): Promise<Week[]> {
  const place = mkdtempSync(join(tmpdir(), 'partnercast-exam-'));
  try {
    const rows: Record<string, string>[] = parse(readFileSync(FILE), { columns: true });
    const asked = rows.filter(({ series }) => isAsked(Number(series.slice(1))));
    const lines = asked.map(({ series, week, count }) => `${series},${week},${count}`);
    writeFileSync(join(place, 'weeks.csv'), `${['series,week,count', ...lines].join('\n')}\n`);
    const ended = await command(['detect', 'weeks.csv', '--out', 'found.csv'], { cwd: place });
    if (ended.code !== 0) throw new Error(ended.stderr);
    const found: Record<string, string>[] = parse(readFileSync(join(place, 'found.csv')), { columns: true });
    const seen = new Map<string, number>();
    return found.flatMap(({ series, p, flag }, i) => {
      const before = seen.get(series) ?? 0;
      seen.set(series, before + 1);
      if (before < WARM_UP) return [];
      return [{ series, injected: Number(asked[i]['injected']), p: Number(p), flag: Number(flag) }];
    });
  } finally {
    rmSync(place, { recursive: true });
  }
}

function tell({ value, low, high }: Measured): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
