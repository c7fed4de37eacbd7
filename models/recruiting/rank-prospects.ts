import { type Company, type FeatureTable, type FeatureView, rowCount, selectRows } from '../../features/index.ts';
import { calibrate } from '../calibration.ts';
import { seeded, seedFor } from '../random.ts';
import { fitOfProfile, matchesOf } from './fit-of-profile.ts';
import { type FitReason, tellFit } from './fit-reasons.ts';
import { shuffled, withFeatures } from './like-rows.ts';
import { type NearPartner, nearestPartners } from './nearest-partners.ts';
import type { Profile } from './profile.ts';
import { logOddsOf, type Propensity, rankScore } from './propensity.ts';

/** A prospect on the list. */
export interface RankedProspect {
  prospectId: string;
  /** From 1. */
  rank: number;
  /** Rank score, 0 to 1 (see `rankScore`): no probability. NaN where fit cannot be predicted. */
  fit: number;
  /** The probability that it signs, given that it is approached; null where that cannot be predicted. */
  accept: number | null;
  /** Drawn by lot from outside the list, so that the profile can learn from whom it would not have chosen. */
  exploratory: boolean;
  /** Traits of the profile that it has, and what speaks against it, in words. */
  matched: string[];
  against: string[];
  nearest: NearPartner[];
  /** What moves its fit most, the weightiest first; none where fit is by the profile alone. */
  reasons: FitReason[];
}

/** Whom a list is made of. */
export interface ListInput {
  /** What prospects' features are told by; the view they were computed with. */
  view: FeatureView<Company>;
  /** Those who may be on the list: not partners, not archived, each once. */
  prospects: FeatureTable;
  /** Current partners, for whom a prospect is like. */
  partners: FeatureTable;
}

export interface ListSettings {
  /** Most places. */
  n: number;
  /** The share of the places that is for exploring, 0 to 1. */
  exploreShare?: number;
  seed: number;
}

const EXPLORE_SHARE = 0.1;
const NEAREST = 3;

/**
 * The list: the prospects with the highest fit, and behind them those drawn by lot from among the others. Where fit
 * cannot be predicted the rule of the profile ranks; where there is no profile either, all are drawn by lot, and say so
 * by being exploratory.
 */
export function rankProspects(
  { fit, accept }: Propensity,
  profile: Profile,
  { view, prospects, partners }: ListInput,
  { n, exploreShare = EXPLORE_SHARE, seed }: ListSettings,
): RankedProspect[] {
  const logOdds = fit && logOddsOf(fit, prospects);
  const scores = logOdds ?? (profile.traits.length > 0 ? fitOfProfile(profile, prospects) : null);
  const listed = choose(scores, rowCount(prospects), { n, exploreShare, seed });
  const rows = listed.map(({ row }) => row);
  const some = selectRows(prospects, rows);
  const signing = accept?.model.predict(withFeatures(some, accept.features));
  const matches = matchesOf(profile, some);
  const nearest = nearestPartners(prospects, partners, rows, NEAREST);
  const reasons = fit ? tellFit(fit, view, some, prospects) : [];
  return listed.map(({ row, exploratory }, i) => ({
    prospectId: prospects.entities[row],
    rank: i + 1,
    fit: fit && logOdds ? rankScore(fit.reference, logOdds[row]) : Number.NaN,
    accept: accept && signing ? calibrate(accept.calibration, signing[i]) : null,
    exploratory,
    ...matches[i],
    nearest: nearest[i],
    reasons: reasons[i] ?? [],
  }));
}

/** Places by score, ties by lot, and behind them places by lot; by lot alone where there are no scores. */
function choose(
  scores: Float64Array | null,
  rows: number,
  { n, exploreShare, seed }: Required<ListSettings>,
): { row: number; exploratory: boolean }[] {
  const dealt = shuffled([...Array(rows).keys()], seeded(seedFor(seed, 'list')));
  if (!scores) return dealt.slice(0, n).map((row) => ({ row, exploratory: true }));
  const order = dealt.toSorted((a, b) => scores[b] - scores[a]);
  const places = Math.min(n, rows);
  const exploring = Math.min(rows - places, Math.floor(places * exploreShare));
  const best = order.slice(0, places - exploring);
  const among = new Set(best);
  const explored = dealt.filter((row) => !among.has(row)).slice(0, exploring);
  return [...best.map((row) => ({ row, exploratory: false })), ...explored.map((row) => ({ row, exploratory: true }))];
}
