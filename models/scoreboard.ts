import { wilson } from './reliability.ts';
import { type OutcomeWords, WENT_QUIET } from './scoring-model.ts';
import { atLeast, atMost } from './tails.ts';

/** One score of a published list with what became of the partner; null is unknown, or another event took it out. */
export interface SettledScore {
  probability: number;
  low: number;
  high: number;
  listed: boolean;
  outcome: boolean | null;
}

/** How some scores did against what they said. */
export interface Tally {
  /** How many have a known outcome, to how many of them it happened, and how many were expected by their probabilities. */
  settled: number;
  hits: number;
  expected: number;
  /** 95 % interval of hits / settled (Wilson 1927); null when nothing is settled. */
  rate: { low: number; high: number } | null;
  /** The chance of so few or so many, even were every probability at the end of its own interval. 0 to 1. */
  p: number;
}

/** A published list whose time is over. */
export interface ListResult {
  listed: Tally;
  everyone: Tally;
  verdict: 'as expected' | 'more than expected' | 'fewer than expected';
}

/** A list is told to be off at this level, shared by its two tallies and their two ends. */
const LEVEL = 0.01;
const TESTS = 4;

/**
 * Counts a list whose outcomes are known. It is off when so many, or so few, had the outcome that chance does not
 * explain it even with every probability at the end of its 90 % interval: what is known not to be known is no decay.
 */
export function settleList(scores: readonly SettledScore[]): ListResult {
  const known = scores.filter(({ outcome }) => outcome !== null);
  const listed = known.filter((score) => score.listed);
  const tallies = { listed: tally(listed), everyone: tally(known) };
  const off = [tallies.listed, tallies.everyone].find(({ p }) => p < LEVEL / TESTS);
  if (!off) return { ...tallies, verdict: 'as expected' };
  return { ...tallies, verdict: off.hits > off.expected ? 'more than expected' : 'fewer than expected' };
}

/** Counts scores with a known outcome against what they said. */
export function tally(scores: readonly Omit<SettledScore, 'listed'>[]): Tally {
  const settled = scores.length;
  const hits = scores.filter(({ outcome }) => outcome === true).length;
  const expected = scores.reduce((sum, { probability }) => sum + probability, 0);
  const p =
    hits > expected
      ? atLeast(
          scores.map(({ high }) => high),
          hits,
        )
      : atMost(
          scores.map(({ low }) => low),
          hits,
        );
  return { settled, hits, expected, rate: settled === 0 ? null : wilson(hits, settled), p };
}

/** How a list did, in a sentence. */
export function tellList({ listed, everyone, verdict }: ListResult, { happened }: OutcomeWords = WENT_QUIET): string {
  const rate = listed.rate
    ? ` (${Math.round((100 * listed.hits) / listed.settled)} %, ${Math.round(100 * listed.rate.low)}–${Math.round(100 * listed.rate.high)})`
    : '';
  return (
    `Of ${listed.settled} listed ${listed.hits} ${happened}${rate}, ${listed.expected.toFixed(1)} were expected; of all ` +
    `${everyone.settled} scored ${everyone.hits}, ${everyone.expected.toFixed(1)} were expected: ${verdict}.`
  );
}
