import type { BinnedRows } from './binned-rows.ts';
import { UNKNOWN_BIN } from './bins.ts';
import type { Total } from './histogram.ts';

/** What a split must respect, in units of the rounded derivatives. */
export interface SplitRules {
  /** Added to each side's curvature: holds small leaves back (λ of Chen & Guestrin 2016). */
  penalty: number;
  /** Either side needs this much curvature. */
  leastCurvature: number;
}

/** Where a leaf is best split. */
export interface Split {
  /** How much better two leaves are than one, in units of the rounded derivatives; 0 where no split is allowed. */
  gain: number;
  feature: number;
  /** The last bin, within its feature, that goes to the left. */
  bin: number;
  unknownLeft: boolean;
  left: Total;
}

export const NO_SPLIT: Split = { gain: 0, feature: -1, bin: 0, unknownLeft: false, left: { slope: 0, curvature: 0 } };

/** A leaf that is being searched, with the best split so far. */
interface Search {
  histogram: Float64Array;
  total: Total;
  rules: SplitRules;
  /** Of both sides of the best split, or of the whole leaf. */
  score: number;
  best: Split;
}

/**
 * The best split of a leaf by some features: for each edge the gain of Chen & Guestrin 2016 (XGBoost, eq. 7) with the
 * unknown sent to one side and to the other. Among equals the first feature and the lowest edge win.
 */
export function bestSplit(
  { offsets }: BinnedRows,
  histogram: Float64Array,
  total: Total,
  features: readonly [from: number, to: number],
  allowed: Uint8Array,
  rules: SplitRules,
): Split {
  const whole = scoreOf(total.slope, total.curvature, rules.penalty);
  const search: Search = { histogram, total, rules, score: whole, best: NO_SPLIT };
  for (let feature = features[0]; feature < features[1]; feature++) {
    if (!allowed[feature]) continue;
    const [unknown, end] = [offsets[feature] + UNKNOWN_BIN, offsets[feature + 1]];
    const isKnown = isEmpty(histogram, unknown);
    // Behind the last known bin there is only the unknown to be parted from.
    searchEdges(search, feature, unknown, isKnown ? end - 1 : end, false);
    if (!isKnown) searchEdges(search, feature, unknown, end - 1, true);
  }
  return { ...search.best, gain: search.score - whole };
}

/** What a leaf's best value saves, but for a factor. */
function scoreOf(slope: number, curvature: number, penalty: number): number {
  return (slope * slope) / (curvature + penalty);
}

function isEmpty(histogram: Float64Array, bin: number): boolean {
  return histogram[bin] === 0 && histogram[histogram.length / 2 + bin] === 0;
}

/** Tries every edge of a feature, from the lowest to the one before `end`. */
function searchEdges(search: Search, feature: number, unknown: number, end: number, unknownLeft: boolean): void {
  const { histogram, total, rules } = search;
  const { penalty, leastCurvature } = rules;
  const bins = histogram.length / 2;
  let slope = unknownLeft ? histogram[unknown] : 0;
  let curvature = unknownLeft ? histogram[bins + unknown] : 0;
  for (let bin = unknown + 1; bin < end; bin++) {
    const inBin = histogram[bins + bin];
    slope += histogram[bin];
    curvature += inBin;
    if (inBin === 0 || curvature < leastCurvature) continue;
    const others = total.curvature - curvature;
    if (others < leastCurvature || others <= 0) return;
    const score = scoreOf(slope, curvature, penalty) + scoreOf(total.slope - slope, others, penalty);
    if (score <= search.score) continue;
    search.score = score;
    // Nobody unknown came by: one that comes later goes where most go.
    const toLeft = isEmpty(histogram, unknown) ? curvature >= others : unknownLeft;
    search.best = { gain: 0, feature, bin: bin - unknown, unknownLeft: toLeft, left: { slope, curvature } };
  }
}
