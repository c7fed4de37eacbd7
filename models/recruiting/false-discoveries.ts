/**
 * The q-value of each p-value: the least false-discovery rate at which it would count as a discovery. The rate holds
 * where tests are independent or positively dependent.
 * Source: Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001 for the dependence it bears.
 * @param ps in [0, 1], in any order
 * @returns in the order of the p-values, in [0, 1]
 */
export function qValues(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[b] - ps[a]);
  const qs = new Array<number>(ps.length);
  let least = 1;
  order.forEach((i, fromLast) => {
    // Rounding must not put a q below its p.
    least = Math.min(least, Math.max(ps[i], (ps[i] * ps.length) / (ps.length - fromLast)));
    qs[i] = least;
  });
  return qs;
}
