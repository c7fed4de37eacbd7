import { logit } from './estimator.ts';

/**
 * A correction that rises from point to point: log-odds said, ascending, and the log-odds that they turned out to mean.
 * Straight between the points, and beyond them as far off as at the outermost.
 */
export interface Isotonic {
  said: readonly number[];
  meant: readonly number[];
}

/** Rows that are taken together before anything is asked of them: single rows say nothing of a probability. */
const GROUP = 100;

/** Rows next to each other in what was said of them. */
interface Stretch {
  rows: number;
  /** Sum of the log-odds said. */
  said: number;
  happened: number;
}

/**
 * Isotonic regression by pooling adjacent violators, in log-odds; its steps are joined by lines through their middles,
 * so that no two predictions become one. Sources: Ayer et al. 1955; Zadrozny & Elkan 2002.
 * @param probabilities predicted for rows the model had not learnt from
 * @param outcomes 0 or 1 each, both present
 */
export function fitIsotonic(probabilities: Float64Array, outcomes: Uint8Array): Isotonic {
  const pooled: Stretch[] = [];
  for (const stretch of stretches(probabilities, outcomes)) {
    pooled.push(stretch);
    while (pooled.length > 1 && !rises(pooled[pooled.length - 2], pooled[pooled.length - 1]))
      mergeAt(pooled, pooled.length - 2);
  }
  // A share of none or of all would claim certainty.
  while (pooled.length > 1 && pooled[0].happened === 0) mergeAt(pooled, 0);
  while (pooled.length > 1 && share(pooled[pooled.length - 1]) === 1) mergeAt(pooled, pooled.length - 2);
  return {
    said: pooled.map(({ said, rows }) => said / rows),
    meant: pooled.map((stretch) => logit(share(stretch))),
  };
}

/** Groups of rows, the lowest probability first; rows of one probability stay together. */
function stretches(probabilities: Float64Array, outcomes: Uint8Array): Stretch[] {
  const order = Uint32Array.from(probabilities.keys()).sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const all: Stretch[] = [];
  let last = { rows: GROUP, said: 0, happened: 0 };
  order.forEach((row, i) => {
    const tied = i > 0 && probabilities[order[i - 1]] === probabilities[row];
    if (last.rows >= GROUP && !tied) {
      last = { rows: 0, said: 0, happened: 0 };
      all.push(last);
    }
    last.rows++;
    last.said += logit(probabilities[row]);
    last.happened += outcomes[row];
  });
  // What is left over at the end is no group: it would be the one that lists are made by.
  if (all.length > 1 && last.rows < GROUP) mergeAt(all, all.length - 2);
  return all;
}

function share({ rows, happened }: Stretch): number {
  return happened / rows;
}

function rises(before: Stretch, after: Stretch): boolean {
  return share(after) > share(before);
}

function mergeAt(all: Stretch[], place: number): void {
  const [a, b] = [all[place], all[place + 1]];
  all.splice(place, 2, { rows: a.rows + b.rows, said: a.said + b.said, happened: a.happened + b.happened });
}

/** The corrected log-odds. */
export function correct({ said, meant }: Isotonic, logOdds: number): number {
  const last = said.length - 1;
  if (logOdds <= said[0]) return meant[0] + (logOdds - said[0]);
  if (logOdds >= said[last]) return meant[last] + (logOdds - said[last]);
  let above = 1;
  while (said[above] < logOdds) above++;
  const part = (logOdds - said[above - 1]) / (said[above] - said[above - 1]);
  return meant[above - 1] + part * (meant[above] - meant[above - 1]);
}
