/** A Gamma prior over partners' event rates: mean rate `shape / rate` events per day. */
export interface GammaPrior {
  shape: number;
  rate: number;
}

const SHAPE_RANGE = [1e-3, 1e3] as const;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The prior under which the observed counts are most likely, each count being Poisson with its partner's own rate
 * (empirical Bayes; the marginal is negative binomial).
 * Source: Carlin & Louis, Bayesian Methods for Data Analysis, 3rd ed., §5.2.
 * @param counts events per partner, ≥ 0
 * @param exposures days over which each was counted, > 0; same length
 * @throws RangeError when there is nothing to learn from
 */
export function fitGammaPrior(counts: ArrayLike<number>, exposures: ArrayLike<number>): GammaPrior {
  const seen = tallied(counts, exposures);
  if (!seen.watched.some(({ events }) => events > 0)) throw new RangeError('no events to learn a rate from');
  const objective = (logShape: number) => {
    const shape = Math.exp(logShape);
    return logLikelihood(seen, shape, bestRate(seen, shape));
  };
  const shape = Math.exp(maximize(objective, Math.log(SHAPE_RANGE[0]), Math.log(SHAPE_RANGE[1])));
  return { shape, rate: bestRate(seen, shape) };
}

/** Partners that were watched equally long, and what they did together. */
interface Watched {
  exposure: number;
  partners: number;
  events: number;
}

/**
 * All that the likelihood asks for: how many partners had each count, and what those of each exposure did together.
 * Most were counted over the same time, and counts are small: there are far fewer of either than partners.
 */
interface Tally {
  partners: number;
  counts: Map<number, number>;
  watched: readonly Watched[];
}

function tallied(counts: ArrayLike<number>, exposures: ArrayLike<number>): Tally {
  const byExposure = new Map<number, Watched>();
  const byCount = new Map<number, number>();
  for (let i = 0; i < counts.length; i++) {
    const [count, exposure] = [counts[i], exposures[i]];
    byCount.set(count, (byCount.get(count) ?? 0) + 1);
    const known = byExposure.get(exposure);
    if (known) {
      known.partners++;
      known.events += count;
    } else byExposure.set(exposure, { exposure, partners: 1, events: count });
  }
  return { partners: counts.length, counts: byCount, watched: [...byExposure.values()] };
}

/** The expected rate of a partner, in events per day, given what was counted. */
export function expectedRate(prior: GammaPrior, count: number, exposure: number): number {
  return (prior.shape + count) / (prior.rate + exposure);
}

/** The probability of no event in the next `days`, given what was counted. */
export function quietProbability(prior: GammaPrior, count: number, exposure: number, days: number): number {
  const { shape, rate } = prior;
  return Math.exp((shape + count) * Math.log((rate + exposure) / (rate + exposure + days)));
}

/**
 * For a given shape the best rate solves n·shape = Σ (shape + count)·rate/(rate + exposure), whose right side grows with
 * the rate: Newton's method on its logarithm, kept between bounds.
 */
function bestRate({ partners: all, watched }: Tally, shape: number): number {
  const target = all * shape;
  let [low, high] = [Math.log(1e-9), Math.log(1e12)];
  let at = (low + high) / 2;
  for (let step = 0; step < 100; step++) {
    const rate = Math.exp(at);
    let [value, slope] = [-target, 0];
    for (const { exposure, partners, events } of watched) {
      const share = rate / (rate + exposure);
      const expected = (partners * shape + events) * share;
      value += expected;
      slope += expected * (1 - share);
    }
    if (value > 0) high = at;
    else low = at;
    const next = at - value / slope;
    const isInside = next > low && next < high;
    const moved = isInside ? next : (low + high) / 2;
    if (Math.abs(moved - at) < 1e-14 * Math.abs(at)) break;
    at = moved;
  }
  return Math.exp(at);
}

function logLikelihood({ partners: all, counts, watched }: Tally, shape: number, rate: number): number {
  let total = all * (shape * Math.log(rate) - logGamma(shape));
  for (const [count, partners] of counts) total += partners * logGamma(shape + count);
  for (const { exposure, partners, events } of watched) {
    total -= (partners * shape + events) * Math.log(rate + exposure);
  }
  return total;
}

/** Golden-section search for the highest point of a function with one peak. */
function maximize(objective: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [atLeft, atRight] = [objective(left), objective(right)];
  while (high - low > 1e-6) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = objective(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = objective(right);
    }
  }
  return (low + high) / 2;
}

/** ln Γ(x) for x > 0 by Stirling's series after shifting x above 8; error below 1e-12. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 8) {
    shift -= Math.log(z);
    z++;
  }
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
