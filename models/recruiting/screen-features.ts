import type { FeatureTable } from '../../features/index.ts';
import { qValues } from '../false-discoveries.ts';
import { candidatesIn } from './candidates.ts';
import { fourfoldOf } from './count-traits.ts';
import { exactP } from './fourfold.ts';

/** Of the features that pass, so many may be there by chance. */
const FALSE_DISCOVERY_RATE = 0.1;

/**
 * The features worth learning from: those of which a trait has to do with the outcome, at a false-discovery rate over
 * all traits; all of them where none does. Where few of many traits matter, what is learnt from the others is noise that
 * costs the top of a list most; where most matter, nearly all pass. Source: Fan & Lv 2008, Sure independence screening.
 */
export function featuresThatTell(table: FeatureTable, outcomes: Uint8Array): string[] {
  const counts = { top: Array.from(outcomes, (outcome) => outcome === 1), traits: candidatesIn(table) };
  const once = new Float64Array(outcomes.length).fill(1);
  const qs = qValues(counts.traits.map((_, place) => exactP(fourfoldOf(counts, place, once))));
  const telling = new Set(
    counts.traits.filter((_, place) => qs[place] <= FALSE_DISCOVERY_RATE).map(({ feature }) => feature),
  );
  return telling.size > 0 ? table.names.filter((name) => telling.has(name)) : [...table.names];
}
