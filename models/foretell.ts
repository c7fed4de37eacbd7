import { DAY, type FeatureTable } from '../features/index.ts';
import { breathe } from './breathe.ts';
import { rollingOrigin } from './folds.ts';
import { maturityDays } from './label.ts';
import type { Random } from './random.ts';
import type { LabelledRows } from './training-set.ts';

/** A model of either sort: of an outcome, or of several classes. */
interface Speaker {
  predict(table: FeatureTable): unknown;
}

/** What such a model says of rows: one probability per row, or one per class and row. */
type Said<Kind extends Speaker> = ReturnType<Kind['predict']>;

/** What was said of rows that had not been learnt from. */
export interface SaidOf<Probabilities> {
  /** Places in the set. */
  rows: readonly number[];
  probabilities: Probabilities;
  outcomes: Uint8Array;
}

/** A model fitted to a whole set, and what its estimator would have said of the set's later half, uncorrected. */
export interface Foretold<Kind extends Speaker> {
  model: Kind;
  /** One per block of later cutoffs, in order: what was said of it by what had matured before it. */
  blocks: readonly SaidOf<Said<Kind>>[];
}

/** An estimator of either sort. */
interface Learner<Rows, Kind> {
  name: string;
  fit(set: Rows, random: Random, threads?: number): Kind | Promise<Kind>;
}

/** An estimator that is made of others. */
export interface Ensemble<Kind extends Speaker> {
  /** Names of its members, in order. */
  members: readonly string[];
  /** The same as fitting would give, from members that have been fitted to the same set with the same chance. */
  combine(models: readonly Kind[]): Kind;
  /** What it says where its members say these. */
  mean(said: readonly Said<Kind>[]): Said<Kind>;
}

/** Whether an estimator is made of others. */
export function isEnsemble<Kind extends Speaker>(estimator: object): estimator is Ensemble<Kind> {
  return 'members' in estimator;
}

const BLOCKS = 6;
/** The later half is checked: enough past to learn from, enough blocks to calibrate on. */
const CHECKED_SHARE = 0.5;

/**
 * Fits an estimator to a whole set, and to what had matured before each block of its later half.
 * @param chance gives the same numbers anew for each fit
 * @param blocks how many at most
 */
export async function foretell<Rows extends LabelledRows, Kind extends Speaker>(
  estimator: Learner<Rows, Kind>,
  set: Rows,
  chance: () => Random,
  threads = 1,
  blocks = BLOCKS,
): Promise<Foretold<Kind>> {
  const past = await foretellPast(estimator, set, chance, threads, blocks);
  return { model: await estimator.fit(set, chance(), threads), blocks: past };
}

/** What an estimator would have said of each block of a set's later half, by rolling origin; see `foretell`. */
export async function foretellPast<Rows extends LabelledRows, Kind extends Speaker>(
  estimator: Learner<Rows, Kind>,
  set: Rows,
  chance: () => Random,
  threads = 1,
  blocks = BLOCKS,
): Promise<Foretold<Kind>['blocks']> {
  const past: SaidOf<Said<Kind>>[] = [];
  for (const { learn, check, checkRows } of rollingOrigin(set, blocks, CHECKED_SHARE)) {
    await breathe();
    const model = await estimator.fit(learn, chance(), threads);
    const probabilities = model.predict(check.table) as Said<Kind>;
    past.push({ rows: checkRows, probabilities, outcomes: check.outcomes });
  }
  return past;
}

/** What an estimator would have said, with the names of those it is the mean of; its own where it is none. */
export interface NamedForetold<Kind extends Speaker> {
  name: string;
  parts: readonly string[];
  foretold: Foretold<Kind>;
}

/** What each of some estimators would have said, in their order; an ensemble's follows from its members', where they come before it. */
export async function foretellEach<Each extends { name: string }, Kind extends Speaker>(
  estimators: readonly Each[],
  foretellOne: (estimator: Each) => Promise<Foretold<Kind>>,
): Promise<NamedForetold<Kind>[]> {
  const found: NamedForetold<Kind>[] = [];
  for (const estimator of estimators) {
    found.push(
      combined(estimator, found) ?? {
        name: estimator.name,
        parts: [estimator.name],
        foretold: await foretellOne(estimator),
      },
    );
  }
  return found;
}

/** What an ensemble would have said, from what its members would have; null for anything else. */
function combined<Kind extends Speaker>(
  estimator: { name: string },
  found: readonly NamedForetold<Kind>[],
): NamedForetold<Kind> | null {
  if (!isEnsemble<Kind>(estimator)) return null;
  const { members } = estimator;
  const told = members.flatMap((name) => found.find((each) => each.name === name)?.foretold ?? []);
  if (told.length < members.length) return null;
  const blocks = told[0].blocks.map((block, i) => ({
    ...block,
    probabilities: estimator.mean(told.map((member) => member.blocks[i].probabilities)),
  }));
  const model = estimator.combine(told.map((member) => member.model));
  return { name: estimator.name, parts: members, foretold: { model, blocks } };
}

/**
 * What one block of the past is corrected by: of all that was foretold, block after block, the places of what had
 * matured when it began; where folds are of partners, whatever the time, of all other blocks.
 */
export function correctedBy(set: LabelledRows, blocks: readonly SaidOf<unknown>[], block: number): number[] {
  const { cutoffs } = set.table;
  const begin = blocks[block].rows.reduce((first, row) => Math.min(first, cutoffs[row]), Number.POSITIVE_INFINITY);
  const latest = begin - maturityDays(set.label) * DAY;
  const isKnown = blocks.flatMap(({ rows }, other) =>
    rows.map((row) => (set.label.foldsOfPartners ? other !== block : cutoffs[row] <= latest)),
  );
  return [...isKnown.keys()].filter((place) => isKnown[place]);
}
