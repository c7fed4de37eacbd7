/**
 * The exact interval of a share (Clopper & Pearson 1934): all chances under which neither so few nor so many are
 * rarer than the tail.
 * @param happened how often, of so many trials
 * @param level 0.99 leaves half a percent on either side
 */
export function exactInterval(happened: number, of: number, level: number): { low: number; high: number } {
  const tail = (1 - level) / 2;
  const atMost = (k: number) => (chance: number) => chanceOfAtMost(k, of, chance);
  return {
    low: happened === 0 ? 0 : fallsTo(1 - tail, atMost(happened - 1)),
    high: happened === of ? 1 : fallsTo(tail, atMost(happened)),
  };
}

/** The chance of at most so many of a binomial; `chance` in (0, 1). */
function chanceOfAtMost(most: number, of: number, chance: number): number {
  const odds = Math.log(chance / (1 - chance));
  let logTerm = of * Math.log1p(-chance);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= most; k++) {
    logTerm += Math.log((of - k + 1) / k) + odds;
    sum += Math.exp(logTerm);
  }
  return sum;
}

/** Where in (0, 1) a falling function has a value, by halving. */
function fallsTo(value: number, falling: (x: number) => number): number {
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (falling(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
