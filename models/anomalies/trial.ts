import { difference, interval, type Measured, type Replicated, replicate } from '../bootstrap.ts';
import { discoveries } from '../false-discoveries.ts';
import { metricNamed, rank } from '../metrics.ts';
import type { Random } from '../random.ts';
import { detectors } from './detectors.ts';
import type { SeriesSet } from './series.ts';

/** What a trial plants. */
const EPISODES = 0.012;
const LONGEST = 3;
/** A spike adds so many times the level, and at least so many events. */
const SPIKE = [2, 4] as const;
const LEAST_SPIKE = 6;
/** A dip leaves so much; it is planted where at least so many events are the level. */
const DIP = 0.1;
const DIP_LEVEL = 8;
/** Known periods before the first episode, and those that say what the level is. */
const QUIET = 52;
const RECENT = 13;

/** A set with unusual periods planted into it: 1 more, −1 less, 0 as it was, in the layout of the values. */
export interface Planted {
  set: SeriesSet;
  planted: Int8Array;
}

/**
 * Plants spikes and dips of one to three periods into a copy of real series, some in each of them, so that it can be
 * seen which detector finds what in series such as these.
 */
export function plant(set: SeriesSet, random: Random): Planted {
  const values = set.values.slice();
  const planted = new Int8Array(values.length);
  const periods = set.periods.length;
  for (let s = 0; s < set.ids.length; s++) {
    const known = [...Array(periods).keys()]
      .map((t) => s * periods + t)
      .filter((place) => !Number.isNaN(values[place]));
    for (let i = QUIET; i < known.length; i++) {
      if (random() >= EPISODES) continue;
      const level = known.slice(i - RECENT, i).reduce((sum, place) => sum + set.values[place], 0) / RECENT;
      const sign = level >= DIP_LEVEL && random() < 0.5 ? -1 : 1;
      const size = SPIKE[0] + (SPIKE[1] - SPIKE[0]) * random();
      const places = known.slice(i, i + 1 + Math.floor(random() * LONGEST));
      for (const place of places) {
        values[place] = changed(values[place], sign, size * level, set.law);
        planted[place] = sign;
      }
      // An ordinary period at least stands between two episodes.
      i += places.length;
    }
  }
  return { set: { ...set, values }, planted };
}

function changed(value: number, sign: number, more: number, law: SeriesSet['law']): number {
  const next = sign < 0 ? value * DIP : value + (law === 'amounts' ? more : Math.max(LEAST_SPIKE, more));
  return law === 'amounts' ? next : Math.round(next);
}

/** How a detector did on planted periods; shares are 0 to 1 with 95 % intervals over series. */
export interface Trial {
  name: string;
  averagePrecision: Measured;
  /** Of those called at the false-discovery rate, planted; of those planted, called. The rest may be real events. */
  precision: Measured;
  recall: Measured;
  /** Of the planted dips, called. */
  dips: Measured;
  /** The first detector's average precision minus this one's. */
  behind: Measured;
}

/**
 * Every detector on the same planted periods.
 * @param q the false-discovery rate periods are called at
 */
export function tryDetectors({ set, planted }: Planted, q: number, random: Random): Trial[] {
  const told = detectors.map(({ score }) => score(set).p);
  // Only where all of them tell something can they be compared.
  const places = [...planted.keys()].filter((place) => told.every((p) => !Number.isNaN(p[place])));
  const series = places.map((place) => set.ids[Math.floor(place / set.periods.length)]);
  const kinds = Int8Array.from(places, (place) => planted[place]);
  const figures = told.flatMap((p) =>
    figuresOf(
      Float64Array.from(places, (place) => p[place]),
      kinds,
      q,
    ),
  );
  const found = replicate(series, figures, random);
  return detectors.map(({ name }, i) => {
    const [averagePrecision, precision, recall, dips] = found.slice(4 * i, 4 * i + 4);
    return {
      name,
      averagePrecision: measured(averagePrecision),
      precision: measured(precision),
      recall: measured(recall),
      dips: measured(dips),
      behind: difference(found[0], averagePrecision),
    };
  });
}

function measured({ value, replicates }: Replicated): Measured {
  return interval(value, replicates);
}

function figuresOf(p: Float64Array, kinds: Int8Array, q: number) {
  const called = discoveries(p, q);
  const isPlanted = Uint8Array.from(kinds, Math.abs);
  // Tails are told apart far below what 1 − p can hold.
  const ranked = rank(
    p.map((value) => -Math.log(value + 1e-300)),
    isPlanted,
  );
  const share = (of: ArrayLike<number>, among: (i: number) => boolean) => (weights: ArrayLike<number>) => {
    let [part, whole] = [0, 0];
    for (let i = 0; i < p.length; i++) {
      if (!among(i)) continue;
      whole += weights[i];
      part += weights[i] * of[i];
    }
    return part / whole;
  };
  return [
    (weights: ArrayLike<number>) => metricNamed('average_precision').compute(ranked, weights),
    share(isPlanted, (i) => called[i] === 1),
    share(called, (i) => isPlanted[i] === 1),
    share(called, (i) => kinds[i] === -1),
  ];
}

/** Whether the first detector is worth more than the best of the simple rules, in a sentence. */
export function tellTrial([ours, ...rivals]: readonly Trial[]): string {
  if (Number.isNaN(ours.averagePrecision.value)) {
    return 'Nothing could be tried: no series has more than 52 known periods to plant something unusual after.';
  }
  const best = rivals.reduce((a, b) => (b.averagePrecision.value > a.averagePrecision.value ? b : a));
  const { value, low, high } = best.behind;
  const gap = `average precision ${ours.averagePrecision.value.toFixed(3)} against ${best.averagePrecision.value.toFixed(3)} (difference ${value.toFixed(3)}, 95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;
  return low > 0
    ? `${ours.name} is better than ${best.name} on series such as these: ${gap}.`
    : `A simple rule is as good: ${best.name} beside ${ours.name}, ${gap}.`;
}
