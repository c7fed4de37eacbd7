import { type Measured, measureAll } from './bootstrap.ts';
import { type ClassesSaid, classMetricNamed } from './class-metrics.ts';
import type { ClassScore } from './class-score.ts';
import type { Random } from './random.ts';
import { type ListResult, type Tally, tally } from './scoreboard.ts';

/** One score of a published list of classes with what became of the partner. */
export interface SettledClassScore extends Pick<ClassScore, 'entityId' | 'chances' | 'likeliest'> {
  /** The place of the class that came; null is unknown, or another event took the partner out. */
  outcome: number | null;
}

/** A published list of classes whose time is over. */
export interface ClassListResult {
  /** How often the class came that was called the likeliest. */
  likeliest: Tally;
  /** How often each class came, in their order. */
  classes: readonly ({ class: string } & Tally)[];
  /**
   * Ranked probability score with its 95 % interval over partners, and what it would be on average were every
   * probability true; null when nothing is settled.
   */
  rps: (Measured & { expected: number }) | null;
  verdict: ListResult['verdict'];
  /** The class that there were more or fewer of; null where it is how often the likeliest came, or nothing is off. */
  off: string | null;
}

/** A list is told to be off at this level, shared by its tallies and their two ends. */
const LEVEL = 0.01;
const rps = classMetricNamed('rps');

/**
 * Counts a list of classes whose outcomes are known, class by class, as `settleList` counts one outcome: it is off when
 * chance does not explain so many or so few, even with every probability at the end of its 90 % interval.
 * @param scores of one list, a partner each; the classes in one order
 */
export function settleClassList(scores: readonly SettledClassScore[], random: Random): ClassListResult {
  const known = scores.filter((score): score is SettledClassScore & { outcome: number } => score.outcome !== null);
  const names = scores[0]?.chances.map((chance) => chance.class) ?? [];
  const classes = names.map((name, k) => ({
    class: name,
    ...tally(known.map(({ chances, outcome }) => ({ ...chances[k], outcome: outcome === k }))),
  }));
  const likeliest = tally(
    known.map(({ chances, likeliest: called, outcome }) => {
      const k = names.indexOf(called);
      return { ...chances[k], outcome: outcome === k };
    }),
  );
  const counted = { likeliest, classes, rps: known.length === 0 ? null : rankedScore(known, names.length, random) };
  // Where all are called the same, it is told of the class: the first among equals.
  const tallies = [...classes, { class: null, ...likeliest }];
  const worst = tallies.reduce((least, each) => (each.p < least.p ? each : least));
  if (worst.p >= LEVEL / (2 * tallies.length)) return { ...counted, verdict: 'as expected', off: null };
  const verdict = worst.hits > worst.expected ? 'more than expected' : 'fewer than expected';
  return { ...counted, verdict, off: worst.class };
}

function rankedScore(
  known: readonly (SettledClassScore & { outcome: number })[],
  classes: number,
  random: Random,
): Measured & { expected: number } {
  const said: ClassesSaid = {
    probabilities: Array.from({ length: classes }, (_, k) =>
      Float64Array.from(known, ({ chances }) => chances[k].probability),
    ),
    outcomes: Uint8Array.from(known, ({ outcome }) => outcome),
  };
  const entities = known.map(({ entityId }) => entityId);
  const [measured] = measureAll(entities, [(weights) => rps.compute(said, weights)], random);
  const expected = known.reduce((sum, { chances }) => sum + expectedRps(chances), 0) / known.length;
  return { ...measured, expected };
}

/** What the score of one partner is on average where its probabilities are true: the variance of each "this or before". */
function expectedRps(chances: SettledClassScore['chances']): number {
  const steps = chances.length - 1;
  let upTo = 0;
  let sum = 0;
  for (let k = 0; k < steps; k++) {
    upTo += chances[k].probability;
    sum += upTo * (1 - upTo);
  }
  return sum / steps;
}

/** How a list of classes did, in a sentence. */
export function tellClassList({ likeliest, classes, rps: score, ...verdict }: ClassListResult): string {
  const { hits, settled, expected, rate } = likeliest;
  const share = rate
    ? ` (${Math.round((100 * hits) / settled)} %, ${Math.round(100 * rate.low)}–${Math.round(100 * rate.high)})`
    : '';
  const each = classes.map((tallied) => `${tallied.class} ${tallied.hits} (${tallied.expected.toFixed(1)} expected)`);
  const ranked = score
    ? `; RPS ${score.value.toFixed(3)} (${score.low.toFixed(3)}–${score.high.toFixed(3)}), ${score.expected.toFixed(3)} expected`
    : '';
  return (
    `Of ${settled} scored ${hits} went as was called likeliest${share}, ${expected.toFixed(1)} were expected` +
    `${each.length > 0 ? `; ${each.join(', ')}` : ''}${ranked}: ${tellClassVerdict(verdict)}.`
  );
}

/** The verdict in words: of what there was more, or less, than expected. */
export function tellClassVerdict({ verdict, off }: Pick<ClassListResult, 'verdict' | 'off'>): string {
  if (verdict === 'as expected') return verdict;
  if (off !== null) return `${verdict === 'more than expected' ? 'more' : 'fewer'} came to ${off} than expected`;
  return `the likeliest came ${verdict === 'more than expected' ? 'more' : 'less'} often than expected`;
}
