import { drawPartners } from './bootstrap.ts';
import { breathe } from './breathe.ts';
import type { CalibratedModel } from './calibrated.ts';
import { type Calibration, fitCalibration } from './calibration.ts';
import { type Contender, type Fitting, foretoldBest } from './champion.ts';
import { hasBothClasses } from './folds.ts';
import { seeded, seedFor } from './random.ts';
import { selectFrom, type TrainingSet } from './training-set.ts';

/** How often the contest is held again. */
const REFITS = 50;
/** Nine in ten intervals are to hold the true probability. */
const TAIL = 0.05;

/**
 * What would have been learnt from other partners than happened to be there: for each draw of partners the contender
 * that foretold those drawn best is fitted to them with the settings it has, and calibrated on what was foretold of
 * them. Intervals that leave out the choice or the calibration hold the truth far too seldom. Where a mean of contenders
 * is best, however narrowly, its parts are fitted in turn: that they differ is part of what is not known, though the
 * simpler one is published (Buckland, Burnham & Augustin 1997, Model selection: an integral part of inference). Draws of
 * partners: Davison & Hinkley 1997, §3.8.
 * @param contenders all fitted to the set, and those that others are made of among them
 * @returns at most 50; draws with rows of one class only are left out
 */
export async function refitsOf(
  contenders: readonly Contender[],
  set: TrainingSet,
  { seed, threads }: Fitting,
): Promise<CalibratedModel[]> {
  const named = new Map(contenders.map((contender) => [contender.name, contender]));
  const refits: CalibratedModel[] = [];
  for (const weights of drawPartners(set.table.entities, seeded(seedFor(seed, 'refits')), REFITS)) {
    await breathe();
    const drawn = selectFrom(set, asOftenAsDrawn([...weights.keys()], weights));
    if (!hasBothClasses(drawn)) continue;
    const chosen = foretoldBest(contenders, weights);
    const part = named.get(chosen.parts[refits.length % chosen.parts.length]) ?? chosen;
    refits.push({ model: await part.model.refit(drawn, threads), calibration: recalibrated(part, weights) });
  }
  return refits;
}

/** The correction that the past of the drawn partners would have taught. */
function recalibrated({ uncorrected }: Contender, weights: Float64Array): Calibration {
  const { rows, probabilities, outcomes } = uncorrected;
  const places = asOftenAsDrawn(
    [...rows.keys()],
    rows.map((row) => weights[row]),
  );
  return fitCalibration(
    Float64Array.from(places, (place) => probabilities[place]),
    Uint8Array.from(places, (place) => outcomes[place]),
  );
}

/** Places as often as they were drawn, one weight each. */
export function asOftenAsDrawn(places: readonly number[], weights: ArrayLike<number>): number[] {
  return places.flatMap((place, i) => new Array<number>(weights[i]).fill(place));
}

/**
 * The 90 % interval of a probability from what the refits say, widened where need be to hold the probability itself.
 * Of n refits the one at place k, the lowest first, is the k/(n + 1)-quantile (Davison & Hinkley 1997, §5.2), between
 * two of them interpolated; too few for a tail count as the outermost.
 * @param refits probabilities, in any order; without any nothing is known: 0 to 1
 */
export function intervalOf(probability: number, refits: ArrayLike<number>): { low: number; high: number } {
  const sorted = Float64Array.from(refits).sort();
  if (sorted.length === 0) return { low: 0, high: 1 };
  return {
    low: Math.min(probability, drawnQuantile(sorted, TAIL)),
    high: Math.max(probability, drawnQuantile(sorted, 1 - TAIL)),
  };
}

function drawnQuantile(sorted: Float64Array, q: number): number {
  const last = sorted.length - 1;
  const place = Math.min(last, Math.max(0, q * (sorted.length + 1) - 1));
  const below = Math.floor(place);
  return sorted[below] + (place - below) * (sorted[Math.min(below + 1, last)] - sorted[below]);
}
