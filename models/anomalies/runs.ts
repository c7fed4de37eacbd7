import { chiSquaredTail } from '../tails.ts';

/** How many weeks, the last among them, are taken together. */
const LENGTHS = [2, 4] as const;
/** The least of this many p values is theirs to choose from, so each counts so many times. */
const CHOICES = 1 + LENGTHS.length;
/** Weeks together say nothing of one that is not itself on the way. */
const ON_THE_WAY = 0.2;

/**
 * What a week and those before it say together: a dip that no single week can tell from chance shows in the second or
 * the fourth. The least of the week's own p value and of two and four weeks' by Fisher's method (Statistical Methods for
 * Research Workers, 1925, §21.1), each one-sided in the direction of the last week, counted as three to choose from.
 * @param p two-sided values of the weeks, oldest first, 0 to 1; NaN where nothing is told
 * @param direction of each week against what was expected: −1, 0 or 1
 * @returns two-sided, 0 to 1; NaN where nothing is told of the last week
 */
export function runP(p: ArrayLike<number>, direction: ArrayLike<number>): number {
  const last = p.length - 1;
  let least = p[last];
  if (Number.isNaN(least) || direction[last] === 0 || least > ON_THE_WAY) return Math.min(1, CHOICES * least);
  for (const length of LENGTHS) {
    if (length > p.length) break;
    let surprise = 0;
    for (let i = p.length - length; i <= last; i++) surprise -= Math.log(oneSided(p[i], direction[i], direction[last]));
    if (Number.isNaN(surprise)) break;
    least = Math.min(least, 2 * chiSquaredTail(2 * surprise, 2 * length));
  }
  return Math.min(1, CHOICES * least);
}

function oneSided(p: number, direction: number, asked: number): number {
  const half = Math.max(1e-300, p / 2);
  if (direction === 0) return 0.5;
  return direction === asked ? half : 1 - half;
}
