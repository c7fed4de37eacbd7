import type { Fitting, LearnSettings } from './champion.ts';
import { type ClassesByPast, calibrateForetoldClasses, type SaidOfClasses } from './class-calibrated.ts';
import { classMetricNamed } from './class-metrics.ts';
import type { ClassScoringModel } from './class-scoring-model.ts';
import type { ClassEstimator, ClassModel, ClassSet } from './classes.ts';
import { CLASS_RULES } from './estimators/index.ts';
import { foretell, foretellEach } from './foretell.ts';
import { seeded } from './random.ts';

/** A model of classes that gives its reasons, so that it may be published. */
export type ExplainedClassModel = ClassModel & Required<Pick<ClassModel, 'explain'>>;

/** An estimator of classes fitted to a set, with what it would have said in the past. */
export interface ClassContender extends ClassesByPast {
  name: string;
  /** The names of the contenders that it is the mean of; its own where it is none. */
  parts: readonly string[];
}

/** A contender that can be published. */
export type ClassChampion = ClassContender & { model: ExplainedClassModel };

/** Where outcomes take half a year, finer blocks would learn from nearly the same rows. */
const BLOCKS = 3;

/** Fits every estimator to the same set with the same chance; an ensemble is made of its members, which have been fitted. */
export async function fitClassContenders(
  estimators: readonly ClassEstimator[],
  set: ClassSet,
  { seed, threads }: Fitting,
): Promise<ClassContender[]> {
  const told = await foretellEach(estimators, (estimator) =>
    foretell(estimator, set, () => seeded(seed), threads, BLOCKS),
  );
  return told.map(({ name, parts, foretold }) => ({ name, parts, ...calibrateForetoldClasses(set, foretold) }));
}

/** Lets the estimators of a model of classes compete on a set. */
export async function learnClassChampion(
  model: ClassScoringModel,
  set: ClassSet,
  settings: LearnSettings,
): Promise<{ contenders: ClassContender[]; champion: ClassChampion }> {
  const allowed = model.estimators.filter(({ name }) => !settings.rulesOnly || CLASS_RULES.includes(name));
  const contenders = await fitClassContenders(allowed, set, settings);
  return { contenders, champion: chooseClassChampion(contenders) };
}

/**
 * The contender with the lowest log loss on the past that it had not learnt from, among those that give their reasons;
 * the simpler one among equals.
 * @param weights how much each row of the set counts; once each by default
 * @throws RangeError when none gives its reasons
 */
export function chooseClassChampion(contenders: readonly ClassContender[], weights?: ArrayLike<number>): ClassChampion {
  const published = contenders.filter((each): each is ClassChampion => each.model.explain !== undefined);
  if (published.length === 0) throw new RangeError('no estimator gives its reasons, so none can be published');
  const losses = published.map(({ past }) => meanClassLoss(past, weights));
  // Without a past to tell by all are as good.
  return published[Math.max(0, losses.indexOf(Math.min(...losses)))];
}

/** Mean log loss of what was said, in nats; NaN where nothing was. */
function meanClassLoss(past: SaidOfClasses, weights?: ArrayLike<number>): number {
  const ofRows = Float64Array.from(past.rows, (row) => weights?.[row] ?? 1);
  return classMetricNamed('log_loss').compute(past, ofRows);
}
