import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDay, parseDay, WEEK } from '../../features/index.ts';
import { canonicalMapping, ingest, runIncidents, simulate, type WorldSettings } from '../../pipelines/index.ts';
import { incidents, type StoredIncident } from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
const END = parseDay('2026-01-01');
/** The default world of `simulate`. */
const DEFAULT: WorldSettings = { partners: 2000, months: 36, seed: 1, end: END };
/** One whose partners log in four times as often, so that a dip of one of them can show at all. */
const LIVELY: WorldSettings = { partners: 600, months: 30, seed: 5, end: END, activity: 4 };
const BUDGET = 10;
/**
 * The week the first planted dips begin with, how many there are, over how many weeks they begin (all at once would fill
 * the budget of two weeks to the last place), for how long and of what size.
 */
const DIPS_FROM = parseDay('2025-06-02');
const DIPS = { count: 20, begin: 4, weeks: 4, effect: 0.15 };
/** How many visits a week are expected of those partners, and how many of the dips are to be in time there. */
const ASKED = [
  { expected: 12, inTime: 20 },
  { expected: 8, inTime: 17 },
];
/** A dip is to be on the list when so many weeks of it have ended, at the latest. */
const DELAY_WEEKS = 2;

type Planted = NonNullable<WorldSettings['incidents']>[number];

describe('incidents of the default world, every week of its last two years', () => {
  let found: StoredIncident[];

  beforeAll(async () => {
    found = await lookAt(DEFAULT, 104);
    const portal = found.filter(
      ({ feed, direction, level }) => feed === 'portal' && direction < 0 && level !== 'partner',
    );
    recordRun(RUNS, 'Incidents', [
      'default',
      ...portal.map((each) => `${each.level} ${each.entity}, ${formatDay(each.since)}`),
    ]);
  }, 1_200_000);

  it('the planted outage of the portal is one incident, of the feed', () => {
    expect(around('2024-09-16', '2024-10-14')).toEqual(['feed portal 2024-09-16']);
  });

  it("the planted trouble of a region is one incident, the region's", () => {
    expect(around('2024-05-13', '2024-07-01')).toEqual(['region APAC 2024-05-20']);
  });

  it("the planted change of the whole program is one incident, the program's", () => {
    expect(around('2025-03-24', '2025-08-01')).toEqual(['program all 2025-03-31']);
  });

  it('and hardly a partner is told beside any of them', () => {
    const partners = found.filter(
      ({ level, feed, direction }) => level === 'partner' && feed === 'portal' && direction < 0,
    );
    const spans = [
      ['2024-09-16', '2024-10-14'],
      ['2024-05-13', '2024-07-01'],
      ['2025-03-31', '2025-08-01'],
    ] as const;
    const beside = partners.filter(({ since }) =>
      spans.some(([from, to]) => since >= parseDay(from) && since < parseDay(to)),
    );
    // A partner in fifty has a dip of its own planted, and so many that visit often enough fade away.
    expect(beside.length).toBeLessThanOrEqual(5);
  });

  /** Dips of portal visits above single partners that began in a time. */
  function around(from: string, to: string): string[] {
    return found
      .filter(({ level, feed, direction }) => level !== 'partner' && feed === 'portal' && direction < 0)
      .filter(({ since }) => since >= parseDay(from) && since < parseDay(to))
      .map(({ level, entity, since }) => `${level} ${entity} ${formatDay(since)}`);
  }
});

describe('incidents of a lively program', () => {
  let calm: StoredIncident[];
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-calm-'));

  beforeAll(async () => {
    calm = await lookAt({ ...LIVELY, incidents: [] }, 52, directory);
  }, 1_200_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('a year without plants raises fewer alerts than the budget allows', () => {
    const listed = calm.filter(({ listedOn }) => listedOn !== null);
    const partnerYears = LIVELY.partners;
    const perPartnerYear = listed.length / partnerYears;
    const worst = Math.max(...countsByWeek(listed));
    const [low, high] = poissonInterval(listed.length).map((count) => count / partnerYears);
    recordRun(RUNS, 'Incidents', [
      'a year without plants',
      `${listed.length} listed of ${calm.length} found`,
      `${perPartnerYear.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)}) a partner-year`,
      `at most ${worst} a week`,
    ]);
    expect(worst).toBeLessThanOrEqual(BUDGET);
    expect(high).toBeLessThan((52 * BUDGET) / partnerYears / 5);
  });

  it.each(ASKED)(
    'dips to 15 % at twenty partners of whom $expected visits a week are expected are on the list within two weeks',
    async ({ expected, inTime }) => {
      const planted = await dipsOf(directory, expected);
      expect(planted).toHaveLength(DIPS.count);
      const dipped = await lookAt({ ...LIVELY, incidents: planted }, 52);
      const delays = planted.map((each) => weeksUntilListed(each, dipped));
      const found = delays.filter((delay) => delay <= DELAY_WEEKS).length;
      recordRun(RUNS, 'Incidents', [
        `twenty dips where ${expected} are expected`,
        `${found} within ${DELAY_WEEKS} weeks`,
        `weeks until listed: ${delays.sort((a, b) => a - b).join(' ')}`,
      ]);
      expect(found).toBeGreaterThanOrEqual(inTime);
      // And none of them is taken for something larger.
      expect(aboveDuring(dipped)).toBeLessThanOrEqual(aboveDuring(calm));
    },
    600_000,
  );
});

function aboveDuring(found: readonly StoredIncident[]): number {
  const until = DIPS_FROM + (DIPS.begin + DIPS.weeks) * WEEK;
  return found.filter(
    ({ level, feed, since }) => level !== 'partner' && feed === 'portal' && since >= DIPS_FROM && since < until,
  ).length;
}

function weeksUntilListed({ entity, start, end }: Planted, found: readonly StoredIncident[]): number {
  const own = found.find(
    (each) =>
      each.entity === entity && each.feed === 'portal' && each.direction < 0 && each.since >= start && each.since < end,
  );
  return own?.listedOn == null ? Number.POSITIVE_INFINITY : Math.floor((own.listedOn - start) / WEEK);
}

/** Simulates and loads a world, and looks at each of its last weeks. */
async function lookAt(world: WorldSettings, weeks: number, kept?: string): Promise<StoredIncident[]> {
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'partnercast-incidents-'));
  const database = await openDatabase();
  const context = contextOn(database, END + 6 * 3_600_000, { incident_alert_budget: BUDGET });
  await simulate(world, directory);
  await ingest(database, [directory], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now });
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
  await runIncidents(context, END, weeks);
  return incidents(database, { limit: 100_000 });
}

/** Dips at the partners, by id, that visited often enough in the eight weeks before and go on to. */
async function dipsOf(directory: string, expected: number): Promise<Planted[]> {
  const until = DIPS_FROM + (DIPS.begin - 1 + DIPS.weeks) * WEEK;
  const before = await visits(directory, DIPS_FROM - 8 * WEEK, DIPS_FROM);
  const during = await visits(directory, DIPS_FROM, until);
  const busy = [...before.keys()]
    .filter((id) => (before.get(id) as number) / 8 >= expected)
    .filter((id) => ((during.get(id) ?? 0) * WEEK) / (until - DIPS_FROM) >= expected)
    .sort();
  return busy.slice(0, DIPS.count).map((entity, i) => {
    const start = DIPS_FROM + (i % DIPS.begin) * WEEK;
    const about = { level: 'partner', metric: 'portal', start, end: start + DIPS.weeks * WEEK } as const;
    return { ...about, entity, effect: DIPS.effect };
  });
}

async function visits(directory: string, from: number, to: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const lines = createInterface({ input: createReadStream(join(directory, 'events.csv')) });
  for await (const line of lines) {
    const [, partner, kind, happenedAt] = line.split(',', 4);
    const at = Date.parse(happenedAt);
    if (!/^(portal|content)\./.test(kind) || !(at >= from && at < to)) continue;
    counts.set(partner, (counts.get(partner) ?? 0) + 1);
  }
  return counts;
}

function countsByWeek(found: readonly StoredIncident[]): number[] {
  const counts = new Map<number, number>();
  for (const { listedOn } of found) counts.set(listedOn as number, (counts.get(listedOn as number) ?? 0) + 1);
  return [...counts.values()];
}

/** About the 95 % interval of a Poisson mean of which a count was seen: the square root is nearly normal. */
function poissonInterval(count: number): [low: number, high: number] {
  return [Math.max(0, Math.sqrt(count) - 0.98) ** 2, (Math.sqrt(count) + 0.98) ** 2];
}
