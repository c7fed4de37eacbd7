import { besideSlot, SLOTS } from './calendar.ts';
import type { Columns, DetectorState } from './memory.ts';

/** A season differs from one by about a fifth, and the same week of two years by about a seventh (variances). */
const SEASON_VARIANCE = 0.04;
const YEARLY_VARIANCE = 0.02;
/** The part of what a week of the year knows that comes from either neighbour. */
const NEIGHBOUR = 0.15;
/** Before much is seen: series of a group move together by a tenth, which is worth so many periods of evidence. */
const USUAL_MOVEMENT = 0.01;
const MOVEMENT_WEIGHT = 20;
const MOVEMENT_KEEP = 0.98;
/** What all peers do together makes no more than so many times more or less of what is expected of one. */
const MOST_MOVEMENT = 3;
/** The dispersion of counts of independent customers, as a start, and how many periods it is worth. */
export const USUAL_DISPERSION = 1.8;
const DISPERSION_WEIGHT = 50;
const DISPERSION_KEEP = 0.98;
/** How many periods of its own the level of the peers is worth at most. */
const MOST_LEVEL_WEIGHT = 5;

/** What a period comes to in each group. */
const SUMS = [
  /** What was seen (capped) and expected, each series weighted by what it tells. */
  'seen',
  'expected',
  /** Levels of its series in their units, their squares, and how many. */
  'level',
  'levelSquares',
  'levels',
  /** Dispersions and how many. */
  'spread',
  'spreads',
] as const;

export type GroupSums = Columns<(typeof SUMS)[number]>;

export function blankSums(groups: number): GroupSums {
  return Object.fromEntries(SUMS.map((name) => [name, new Float64Array(groups)])) as GroupSums;
}

/**
 * How many times more or less than usual is expected in the slots of a period: what was seen there over what was
 * expected, shrunk towards 1 by how much seasons vary and how surely each is known (empirical Bayes).
 */
export function seasonOf({ slots }: DetectorState, group: number, ofPeriod: readonly number[]): number {
  let factor = 1;
  for (const slot of ofPeriod) factor *= slotFactor(slots, group * SLOTS, slot);
  return factor;
}

function slotFactor(slots: DetectorState['slots'], from: number, slot: number): number {
  const [before, after] = besideSlot(slot);
  const smooth = (column: Float64Array) =>
    (1 - 2 * NEIGHBOUR) * column[from + slot] + NEIGHBOUR * (column[from + before] + column[from + after]);
  const times = smooth(slots.times);
  const expected = smooth(slots.expected);
  if (times === 0 || expected === 0) return 1;
  const share = SEASON_VARIANCE / (SEASON_VARIANCE + YEARLY_VARIANCE / times + 1 / expected);
  return Math.max(0.1, smooth(slots.seen) / expected) ** share;
}

/**
 * How many times more or less than expected the other series of a group were seen to do in a period, shrunk towards 1
 * by how much they are known to move together.
 * @param ownSeen what the series itself has in the sums  @param ownExpected likewise
 */
export function movementOf(
  { pools }: DetectorState,
  sums: GroupSums,
  group: number,
  ownSeen: number,
  ownExpected: number,
): number {
  const prior = 1 / Math.max(1e-4, movementVariance(pools, group));
  const ratio = (sums.seen[group] - ownSeen + prior) / (sums.expected[group] - ownExpected + prior);
  return Math.min(MOST_MOVEMENT, Math.max(1 / MOST_MOVEMENT, ratio));
}

/** By how much the series of a group move together from one period to the next: relative variance beyond chance. */
export function movementVariance(pools: DetectorState['pools'], group: number): number {
  return (pools.movement[group] + USUAL_MOVEMENT * MOVEMENT_WEIGHT) / (pools.movementWeight[group] + MOVEMENT_WEIGHT);
}

/** The dispersion a series of a group is believed to have before it has shown its own. */
export function usualDispersion({ pools }: DetectorState, group: number): number {
  const weight = pools.spreadWeight[group] + DISPERSION_WEIGHT;
  return (pools.spread[group] + USUAL_DISPERSION * DISPERSION_WEIGHT) / weight;
}

/** What a period teaches of the groups: seasons, how much they move together, levels and dispersions. */
export function learnOfPeers(state: DetectorState, sums: GroupSums, slots: readonly number[]): void {
  for (let g = 0; g < state.groups.length; g++) {
    learnMovement(state, sums, g);
    learnSlots(state, sums, g, slots);
    learnLevels(state, sums, g);
  }
}

function learnMovement({ pools }: DetectorState, sums: GroupSums, g: number): void {
  const [seen, expected] = [sums.seen[g], sums.expected[g]];
  if (expected === 0) return;
  // What chance alone moves is taken off; what is left may be negative once, not on the whole.
  const beyond = Math.max(-0.5, Math.min(1, (seen / expected - 1) ** 2 - 1 / expected));
  pools.movement[g] = Math.max(0, MOVEMENT_KEEP * pools.movement[g] + beyond);
  pools.movementWeight[g] = MOVEMENT_KEEP * pools.movementWeight[g] + 1;
}

function learnSlots({ slots }: DetectorState, sums: GroupSums, g: number, ofPeriod: readonly number[]): void {
  if (sums.expected[g] === 0) return;
  for (const slot of ofPeriod) {
    const place = g * SLOTS + slot;
    // Expected without this slot's own factor, with those of the others.
    slots.expected[place] += sums.expected[g] / slotFactor(slots, g * SLOTS, slot);
    slots.seen[place] += sums.seen[g];
    slots.times[place] += 1;
  }
}

function learnLevels(state: DetectorState, sums: GroupSums, g: number): void {
  const { pools } = state;
  pools.spread[g] = DISPERSION_KEEP * pools.spread[g] + sums.spread[g];
  pools.spreadWeight[g] = DISPERSION_KEEP * pools.spreadWeight[g] + sums.spreads[g];
  if (sums.levels[g] < 2) return;
  const mean = sums.level[g] / sums.levels[g];
  const variance = sums.levelSquares[g] / sums.levels[g] - mean ** 2;
  pools.level[g] = mean;
  // The Gamma prior of rates with this mean and variance, by moments.
  const worth = variance > 0 ? (usualDispersion(state, g) * mean) / variance : MOST_LEVEL_WEIGHT;
  pools.levelWeight[g] = Math.min(MOST_LEVEL_WEIGHT, worth);
}
