import { drawPartners } from './bootstrap.ts';
import { breathe } from './breathe.ts';
import { type CalibratedClasses, calibrationOf, selected } from './class-calibrated.ts';
import { type ClassContender, chooseClassChampion } from './class-champion.ts';
import type { ClassSet } from './classes.ts';
import { seeded, seedFor } from './random.ts';
import { asOftenAsDrawn } from './refits.ts';
import { selectFrom } from './training-set.ts';

/** Of 20 refits the outermost stand for one in twenty on either side; several classes cost several times as much. */
const REFITS = 20;

/**
 * What would have been learnt from other partners, as `refitsOf` of two outcomes: each draw of partners chooses its
 * champion, fits it and calibrates it anew; where a mean of contenders wins, its parts are fitted in turn.
 * @param contenders all fitted to the set, and those that others are made of among them
 * @returns at most 20; draws without rows of some class are left out
 */
export async function classRefitsOf(
  contenders: readonly ClassContender[],
  set: ClassSet,
  seed: number,
): Promise<CalibratedClasses[]> {
  const named = new Map(contenders.map((contender) => [contender.name, contender]));
  const refits: CalibratedClasses[] = [];
  for (const weights of drawPartners(set.table.entities, seeded(seedFor(seed, 'refits')), REFITS)) {
    await breathe();
    const drawn = selectFrom(set, asOftenAsDrawn([...weights.keys()], weights));
    if (new Set(drawn.outcomes).size < set.classes.length) continue;
    const chosen = chooseClassChampion(contenders, weights);
    const part = named.get(chosen.parts[refits.length % chosen.parts.length]) ?? chosen;
    const { uncorrected } = part;
    const places = asOftenAsDrawn(
      [...uncorrected.rows.keys()],
      uncorrected.rows.map((row) => weights[row]),
    );
    refits.push({ model: await part.model.refit(drawn), calibration: calibrationOf(selected(uncorrected, places)) });
  }
  return refits;
}
