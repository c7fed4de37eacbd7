import { column, describedFeatures, type FeatureTable, type FeatureView, type Unit } from '../features/index.ts';
import type { Contribution } from './estimator.ts';
import { writeCount, writeMoneyShort, writeNumber } from './words.ts';

/** One reason for a score: an association the model found, not a cause. */
export interface Reason {
  topic: string;
  /** A full clause with the numbers in it. */
  text: string;
  /** The feature that speaks for its topic. */
  feature: string;
  /** Null is unknown. */
  value: number | null;
  unit: Unit;
  /** Median of the partners at risk on the same day. */
  peers: number | null;
  /** The partner's own baseline. */
  usual: number | null;
  /** Whether it makes sense by itself: the number lies on the side of its peers' that has gone with this effect. */
  plain: boolean;
  /** What all features of the topic together add to the log-odds, before calibration. */
  log_odds: number;
  /** What would make the reason go away, where that can be said. */
  clears: string | null;
}

/** How each feature went with the outcome in the training set: positive when high values came before it. */
export type Directions = Readonly<Record<string, number>>;

/** What reasons are told with. */
export interface Telling {
  view: FeatureView;
  directions: Directions;
  /** The day's table, all its rows, for the partner's numbers and its peers'. */
  table: FeatureTable;
  /** Medians of the table's rows at risk, by feature. */
  peers: ReadonlyMap<string, number>;
  /** ISO 4217 code that money is told in. */
  currency: string;
  /** Which way the score goes bad: 1 where high is a risk, −1 where it is a promise. */
  bad: 1 | -1;
}

/** Prepares to tell the reasons of one day's scores. */
export function prepareTelling(
  view: FeatureView,
  directions: Directions,
  table: FeatureTable,
  currency: string,
  bad: 1 | -1 = 1,
): Telling {
  const peers = new Map(
    table.names.map((name, i) => [name, median(table.columns[i].filter((_, row) => table.atRisk[row] === 1))]),
  );
  return { view, directions, table, peers, currency, bad };
}

/**
 * The reasons of one score, the weightiest first: contributions are added up by topic, so that overlapping windows
 * speak once, and each topic is told by the feature that shows it best. Topics that lower the risk are among them.
 * @param usual the partner's own baselines by feature, where there are any
 */
export function tellReasons(
  telling: Telling,
  row: number,
  contributions: readonly Contribution[],
  usual: ReadonlyMap<string, number | null>,
): Reason[] {
  const features = new Map(describedFeatures(telling.view).map((feature) => [feature.name, feature]));
  const topics = new Map<string, Contribution[]>();
  for (const contribution of contributions) {
    const topic = features.get(contribution.feature)?.topic ?? contribution.feature;
    topics.set(topic, [...(topics.get(topic) ?? []), contribution]);
  }
  return Array.from(topics, ([topic, members]) => {
    const total = members.reduce((sum, { logOdds }) => sum + logOdds, 0);
    const { name, plain } = speaker(telling, row, members, total);
    const feature = features.get(name);
    if (!feature) throw new RangeError(`the view ${telling.view.name} has no feature "${name}"`);
    const value = known(column(telling.table, name)[row]);
    const peers = known(telling.peers.get(name) ?? Number.NaN);
    const own = usual.get(name) ?? null;
    return {
      topic,
      text:
        value === null
          ? `Not known: ${lowerFirst(feature.description)}`
          : tell(feature, telling.currency, value, peers, own),
      feature: name,
      value,
      unit: feature.unit,
      peers,
      usual: own,
      plain,
      log_odds: total,
      clears: goesBad(telling, total, name, value, peers) ? (feature.clears ?? null) : null,
    };
  }).sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds) || (a.topic < b.topic ? -1 : 1));
}

/**
 * Whether more of something would make a reason go away: it makes the score worse, and where the score is a promise, the
 * partner lacks what is asked for; that much of it has gone with a bad end is no reason for less.
 */
function goesBad({ bad }: Telling, total: number, name: string, value: number | null, peers: number | null): boolean {
  return total * bad > 0 && (bad === 1 || lacks(name, value, peers));
}

/** Whether a number is worse than the peers': fewer of what is counted, or more days since it. */
export function lacks(feature: string, value: number | null, peers: number | null): boolean {
  if (value === null || peers === null) return false;
  return feature.endsWith('_days') ? value > peers : value < peers;
}

/**
 * The feature that shows a topic best: of those that pull the topic's way, one whose number is on the side of its
 * peers that has gone with the outcome, and of these the weightiest. Correlated windows can carry opposite signs, and
 * a reason must make sense by itself.
 */
function speaker(
  { table, peers, directions }: Telling,
  row: number,
  members: readonly Contribution[],
  total: number,
): { name: string; plain: boolean } {
  const isPlain = ({ feature }: Contribution) => {
    const side = Math.sign(column(table, feature)[row] - (peers.get(feature) ?? Number.NaN));
    return side !== 0 && side * Math.sign(directions[feature] ?? 0) === Math.sign(total);
  };
  const pulls = ({ logOdds }: Contribution) => Math.sign(logOdds) === Math.sign(total);
  const weightiest = (some: readonly Contribution[]) =>
    some.reduce((best, each) => (Math.abs(each.logOdds) > Math.abs(best.logOdds) ? each : best)).feature;
  for (const fits of [(each: Contribution) => isPlain(each) && pulls(each), isPlain]) {
    const some = members.filter(fits);
    if (some.length > 0) return { name: weightiest(some), plain: true };
  }
  const some = members.filter(pulls);
  return { name: weightiest(some.length > 0 ? some : members), plain: false };
}

const MAIN = 3;

/** The reasons to show where there is little room: those that raise the risk most, and the best one against it. */
export function mainReasons(reasons: readonly Reason[]): { raising: Reason[]; against: Reason | undefined } {
  const raising = reasons.filter(({ log_odds }) => log_odds > 0);
  const plain = raising.filter((reason) => reason.plain);
  return {
    raising: (plain.length > 0 ? plain : raising).slice(0, MAIN),
    against: reasons.find((reason) => reason.log_odds < 0 && reason.plain),
  };
}

function tell(
  feature: ReturnType<typeof describedFeatures>[number],
  currency: string,
  value: number,
  peers: number | null,
  usual: number | null,
): string {
  const side = peers !== null && value < peers ? feature.reason.low : feature.reason.high;
  const number = (x: number) =>
    feature.unit === 'money' ? writeMoneyShort(x, currency) : writeNumber(x, feature.unit);
  const bare = (x: number | null) => (x === null ? 'unknown' : number(x));
  const text = side({
    value: feature.unit === 'money' ? number(value) : writeCount(value, feature.unit),
    number: bare(value),
    peers: bare(peers),
    usual: bare(usual),
  });
  return text[0].toUpperCase() + text.slice(1);
}

function lowerFirst(sentence: string): string {
  return sentence[0].toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function median(values: Float32Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
