import { DAY, parseDay } from '../../features/index.ts';
import type { LevelWeek, WeekFindings } from '../../models/index.ts';

/** A Monday. */
export const WEEK_ONE = parseDay('2024-01-01');

/** A partner of a made-up week: what was observed and expected of its portal visits. */
export interface SomePartner {
  region?: string;
  segment?: string;
  observed: number;
  expected: number;
}

/** Regions and types without a name of their own. */
const PLAIN = { region: 'EMEA', segment: 'msp' };

/**
 * What a week of Poisson counts shows of some partners, one metric of one feed; the levels above are the sums. Intervals
 * are those of the normal distribution, p values its tails: near enough for a story, and easy to check.
 */
export function weekOf(
  partners: Readonly<Record<string, SomePartner>>,
  about: Partial<WeekFindings> = {},
): WeekFindings {
  const all = Object.values(partners).map((each) => ({ ...PLAIN, ...each }));
  const regions = [...new Set(all.map(({ region }) => region))].sort();
  const segments = [...new Set(all.map(({ segment }) => segment))].sort();
  const sumOf = (some: readonly SomePartner[]) => ({
    observed: some.reduce((sum, { observed }) => sum + observed, 0),
    expected: some.reduce((sum, { expected }) => sum + expected, 0),
  });
  const metric = {
    metric: 'portal_visits',
    feed: 'portal',
    program: levelOf(['all'], [sumOf(all)]),
    region: levelOf(
      regions,
      regions.map((name) => sumOf(all.filter(({ region }) => region === name))),
    ),
    segment: levelOf(
      segments,
      segments.map((name) => sumOf(all.filter(({ segment }) => segment === name))),
    ),
    partner: levelOf(Object.keys(partners), all),
  };
  return {
    period: WEEK_ONE,
    metrics: [metric],
    silences: [],
    regionOf: Int32Array.from(all, ({ region }) => regions.indexOf(region)),
    segmentOf: Int32Array.from(all, ({ segment }) => segments.indexOf(segment)),
    ...about,
  };
}

/** So many partners, each with these figures, spread over two regions and two types. */
export function many(count: number, observed: number, expected: number): Record<string, SomePartner> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `p${i}`,
      { region: i % 2 === 0 ? 'EMEA' : 'APAC', segment: i % 4 < 2 ? 'msp' : 'isv', observed, expected },
    ]),
  );
}

/** A silence of the portal that began with the week. */
export const PORTAL_SILENT = {
  entity: 'portal',
  feeds: ['portal'],
  from: WEEK_ONE,
  to: WEEK_ONE + 4 * DAY,
  expected: 300,
};

function levelOf(ids: readonly string[], cells: readonly { observed: number; expected: number }[]): LevelWeek {
  const sd = cells.map(({ expected }) => Math.sqrt(expected));
  const z = cells.map(({ observed, expected }, i) => Math.abs(observed - expected) / sd[i]);
  // Both tails; an upper bound of the normal's, exact enough beyond one deviation.
  const p = Float64Array.from(z, (each) => Math.min(1, Math.exp(-(each ** 2) / 2)));
  return {
    ids,
    observed: Float64Array.from(cells, ({ observed }) => observed),
    expected: Float64Array.from(cells, ({ expected }) => expected),
    low: Float64Array.from(cells, ({ expected }, i) => Math.max(0, expected - 1.645 * sd[i])),
    high: Float64Array.from(cells, ({ expected }, i) => expected + 1.645 * sd[i]),
    p,
    run: p,
  };
}
