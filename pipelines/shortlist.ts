import type { Random } from '../models/index.ts';
import type { Prospect } from '../store/index.ts';
import { reservoir } from './prospect-survey.ts';

/** Collects whom a list may be made of, page by page, in memory for these alone. */
export interface Shortlist {
  /** @param scores of the prospects, higher is better; null where nothing can rank them */
  add(prospects: readonly Prospect[], scores: Float64Array | null): void;
  /** The best, the best first; ties by the order in which they came. */
  best(): Prospect[];
  /** Some of all that came, drawn by lot. */
  sample(): Prospect[];
}

/**
 * @param most how many of the best are kept
 * @param sampled how many are drawn by lot
 */
export function shortlist(most: number, sampled: number, random: Random): Shortlist {
  let kept: { prospect: Prospect; score: number; place: number }[] = [];
  const drawn = reservoir<Prospect>(sampled, random);
  let place = 0;
  const cut = () => {
    kept = kept.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, most);
  };
  return {
    add(prospects, scores) {
      for (const [i, prospect] of prospects.entries()) {
        drawn.add(prospect);
        if (scores) kept.push({ prospect, score: scores[i], place: place++ });
      }
      if (kept.length > 2 * most) cut();
    },
    best() {
      cut();
      return kept.map(({ prospect }) => prospect);
    },
    sample: () => drawn.drawn,
  };
}
