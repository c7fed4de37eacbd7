/**
 * Which p values may be called discoveries so that about a share `q` of those called are wrong. Unknown ones (NaN) are
 * not asked and not called.
 * Source: Benjamini & Hochberg 1995, Controlling the false discovery rate, JRSS B 57.
 * @param p the values of one question asked of many, e.g. all series of a period, 0 to 1
 * @param q the share of false discoveries that is borne, 0 to 1
 * @returns 1 where called, else 0
 */
export function discoveries(p: Float64Array, q: number): Uint8Array {
  const asked = p.filter((value) => !Number.isNaN(value)).sort();
  let bar = -1;
  for (let i = asked.length - 1; i >= 0 && bar < 0; i--) {
    if (asked[i] <= (q * (i + 1)) / asked.length) bar = asked[i];
  }
  return Uint8Array.from(p, (value) => (value <= bar ? 1 : 0));
}

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
