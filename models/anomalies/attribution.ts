import { discoveries } from '../false-discoveries.ts';
import { ALERT, type Anomaly, figuresOf, type StandingChange } from './anomaly.ts';
import { DIP_EXPECTS } from './detector.ts';
import { MetricAttribution, PARTNERS_TOLD } from './metric-attribution.ts';
import type { FeedSilence, LevelWeek, WeekFindings } from './week-findings.ts';

/** What a week's findings come to. */
export interface Attributed {
  anomalies: Anomaly[];
  /** Whether what a week shows of an entity's metric is explained by something above it. */
  isExplained(about: Pick<Anomaly, 'level' | 'entity' | 'metric' | 'direction'>): boolean;
  /** How many series of partners were told of, and how many were too few for a dip to show. */
  tested: number;
  tooFew: number;
  /** How many anomalies of partners there were before any was explained by what is above it. */
  found: number;
}

/** What is above partners is told to many: by this factor fewer false discoveries are borne there. */
const STRICTER_ABOVE = 0.1;

/**
 * Where the anomalies of a week broke, the highest level first: a silent feed explains all dips of its metrics; a change
 * of the whole program one of its regions, types and partners, and so on. A level takes a change only when it is shared:
 * without the part in which it shows most, the rest has changed as well. What is below is explained when it is no more
 * than the change above leads to expect.
 * @param rate the share of false discoveries that is borne among partners, 0 to 1; above them, a tenth of it
 * @param standing changes that were told before: they explain what is below until they are forgotten
 */
export function attribute(week: WeekFindings, rate: number, standing: readonly StandingChange[] = []): Attributed {
  const partners = week.metrics.map(({ partner }) => partner);
  // Dips are asked for only where one could show: other questions would raise the bar for nothing.
  const partnerDips = foundAmong(partners.map(withEnough), rate);
  const partnerSpikes = foundAmong(partners, rate);
  const aboveFound = foundAmong(
    week.metrics.flatMap(({ program, region, segment }) => [program, region, segment]),
    rate * STRICTER_ABOVE,
  );
  const cells: Anomaly[] = week.silences.map((silence) => ofSilence(week, silence));
  const parts = new Map<string, MetricAttribution>();
  week.metrics.forEach((metric, m) => {
    const [program, region, segment] = aboveFound.slice(3 * m, 3 * m + 3);
    for (const direction of [-1, 1] as const) {
      const partner = (direction < 0 ? partnerDips : partnerSpikes)[m];
      const found = { program, region, segment, partner };
      const own = standing.filter((each) => each.metric === metric.metric && each.direction === direction);
      const part = new MetricAttribution(week, metric, found, direction, own);
      cells.push(...part.anomalies());
      parts.set(`${metric.metric} ${direction}`, part);
    }
  });
  return {
    anomalies: joined(cells, week),
    isExplained: (about) => parts.get(`${about.metric} ${about.direction}`)?.isExplained(about) ?? false,
    ...countsOf(week, partnerDips, partnerSpikes),
  };
}

function countsOf(
  { metrics }: WeekFindings,
  dips: readonly Uint8Array[],
  spikes: readonly Uint8Array[],
): Pick<Attributed, 'tested' | 'tooFew' | 'found'> {
  const among = (is: (expected: number, p: number) => boolean) =>
    metrics.reduce(
      (sum, { partner }) => sum + partner.p.reduce((n, p, i) => n + Number(is(partner.expected[i], p)), 0),
      0,
    );
  return {
    tested: among((_, p) => !Number.isNaN(p)),
    tooFew: among((expected, p) => !Number.isNaN(p) && expected < DIP_EXPECTS),
    found: metrics.reduce(
      (sum, { partner }, m) =>
        sum +
        partner.observed.reduce(
          (n, observed, i) => n + (observed < partner.expected[i] ? dips[m][i] : spikes[m][i]),
          0,
        ),
      0,
    ),
  };
}

/** The same level with nothing asked of where too few are expected for a dip. */
function withEnough(cells: LevelWeek): LevelWeek {
  return { ...cells, run: cells.run.map((p, i) => (cells.expected[i] >= DIP_EXPECTS ? p : Number.NaN)) };
}

/** Discoveries among all values of some levels together, per level. */
function foundAmong(levels: readonly LevelWeek[], rate: number): Uint8Array[] {
  const all = new Float64Array(levels.reduce((sum, { run }) => sum + run.length, 0));
  let place = 0;
  for (const level of levels) {
    all.set(level.run, place);
    place += level.run.length;
  }
  const called = discoveries(all, rate);
  place = 0;
  return levels.map((level) => {
    place += level.run.length;
    return called.subarray(place - level.run.length, place);
  });
}

/** A silent feed, shown by the metric of which most was expected. */
function ofSilence({ metrics }: WeekFindings, silence: FeedSilence): Anomaly {
  const own = metrics.filter(({ feed }) => silence.feeds.includes(feed));
  const shown = own.reduce((most, each) =>
    (each.program.expected[0] || 0) > (most.program.expected[0] || 0) ? each : most,
  );
  const { observed, expected, low, high } = figuresOf(shown.program, 0);
  const gap = (i: number) => shown.partner.expected[i] - shown.partner.observed[i];
  const missing = shown.partner.ids.map((_, i) => i).filter((i) => gap(i) > 0);
  return {
    level: 'feed',
    entity: silence.entity,
    feed: silence.feeds[0],
    metric: shown.metric,
    direction: -1,
    ...{ observed, expected, low, high },
    p: Math.exp(-Math.min(700, silence.expected)),
    others: own
      .filter((each) => each !== shown)
      .map(({ metric, program }) => ({ metric, observed: program.observed[0], expected: program.expected[0] })),
    absorbed: own.reduce((sum, { partner }) => sum + dipsIn(partner), 0),
    partners: missing
      .sort((a, b) => gap(b) - gap(a))
      .slice(0, PARTNERS_TOLD)
      .map((i) => shown.partner.ids[i]),
    silence,
  };
}

/** Alerts that single partners would have been, looked at one by one. */
function dipsIn({ observed, expected, p }: LevelWeek): number {
  return p.reduce((sum, each, i) => sum + Number(each < ALERT && observed[i] < expected[i]), 0);
}

/** Anomalies of one entity, feed and direction as one, the most surprising metric first. */
function joined(cells: readonly Anomaly[], { metrics }: WeekFindings): Anomaly[] {
  const order = new Map(metrics.map(({ metric }, i) => [metric, i]));
  const groups = new Map<string, Anomaly[]>();
  for (const cell of cells) {
    const key = `${cell.level}\n${cell.entity}\n${cell.feed}\n${cell.direction}`;
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()].map((group) => {
    const [first, ...rest] = group.sort(
      (a, b) => a.p - b.p || (order.get(a.metric) as number) - (order.get(b.metric) as number),
    );
    const others = rest.map(({ metric, observed, expected }) => ({ metric, observed, expected }));
    const absorbed = group.reduce((sum, each) => sum + each.absorbed, 0);
    return { ...first, others: [...first.others, ...others], absorbed };
  });
}
