import { formatDay, type Instant } from '../features/index.ts';
import {
  type AnyModel,
  type CardOf,
  type FittedOf,
  loadVersionOf,
  type Promotion,
  versionsInUse,
  wasRolledBack,
} from '../models/index.ts';
import {
  type Database,
  problem,
  promoteVersion,
  promotionsOf,
  type RegisteredVersion,
  storedVersion,
} from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';

/** A version that can be scored with. */
export interface UsableVersion<Model extends AnyModel> {
  registered: RegisteredVersion<CardOf<Model>>;
  fitted: FittedOf<Model>;
}

/** What is in use, and what was to be and cannot. */
export interface VersionInUse<Model extends AnyModel> {
  /** The version in use, or the last good one before it; null when there is none. */
  usable: UsableVersion<Model> | null;
  /** Why each that was to be used before it cannot, a sentence each. */
  faults: string[];
}

/** The version in use on a day; where it was deleted or cannot be read, the last good one that was in use before it. */
export async function versionInUse<Model extends AnyModel>(
  database: Database,
  model: Model,
  asOf: Instant,
): Promise<VersionInUse<Model>> {
  return firstUsable(database, model, versionsInUse(await promotionsOf(database, model.name), asOf));
}

/**
 * The version in use on a day, or the last good one before it, which is told.
 * @throws a problem `USAGE` when no version is in use on the day, or none that can be read
 */
export async function requireVersion<Model extends AnyModel>(
  context: Pick<Context, 'database' | 'say'>,
  model: Model,
  asOf: Instant,
): Promise<UsableVersion<Model>> {
  const { usable, faults } = await versionInUse(context.database, model, asOf);
  if (usable) {
    const { version } = usable.registered;
    if (faults.length > 0) context.say(`${faults.join(' ')} The last good one, ${version}, is used instead.`);
    return usable;
  }
  const train = `partnercast train ${model.name} --until ${formatDay(asOf)}`;
  if (faults.length > 0) throw problem('USAGE', `${faults.join(' ')} No other was in use before: ${train}`);
  throw problem(
    'USAGE',
    `No version of ${model.name} was trained until ${formatDay(asOf)} or before. Train one first: ${train}`,
  );
}

async function firstUsable<Model extends AnyModel>(
  database: Database,
  model: Model,
  versions: readonly string[],
): Promise<VersionInUse<Model>> {
  const faults: string[] = [];
  for (const version of versions) {
    try {
      return { usable: await usableVersion(database, model, version), faults };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      faults.push(error.message);
    }
  }
  return { usable: null, faults };
}

/** @throws RangeError saying why a version cannot be scored with: it is not registered, or as `loadVersionOf` says */
async function usableVersion<Model extends AnyModel>(
  database: Database,
  model: Model,
  version: string,
): Promise<UsableVersion<Model>> {
  const registered = await storedVersion<CardOf<Model>>(database, model.name, version);
  if (!registered) {
    throw new RangeError(
      `version ${version} of ${model.name} is not registered, or was deleted. "partnercast models list" shows those ` +
        'there are.',
    );
  }
  return { registered, fitted: loadVersionOf(model, registered) };
}

/**
 * The version that a new one has to beat, which is not the new one itself: trained twice, it is judged the same.
 * @param version the new one
 */
export async function versionToBeat<Model extends AnyModel>(
  database: Database,
  model: Model,
  version: string,
  asOf: Instant,
): Promise<UsableVersion<Model> | null> {
  const others = versionsInUse(await promotionsOf(database, model.name), asOf).filter((each) => each !== version);
  return (await firstUsable(database, model, others)).usable;
}

/** What people say with a decision. */
export interface Said {
  by: string;
  why: string;
  /** From which day on it holds; by default the day that `run` would score. */
  from?: Instant | undefined;
}

/**
 * Puts a version in use.
 * @throws a problem `USAGE` when it cannot be used, with why; what was in use stays so
 */
export async function promote(context: Context, model: AnyModel, version: string, said: Said): Promise<Promotion> {
  const { registered } = await usableVersion(context.database, model, version).catch((error) => {
    throw error instanceof RangeError ? problem('USAGE', `Not promoted: ${error.message}`) : error;
  });
  const inUseFrom = said.from ?? Math.max(registered.trainedUntil, await dayToScore(context));
  if (inUseFrom < registered.trainedUntil) {
    throw problem(
      'USAGE',
      `${version} learnt from facts until ${formatDay(registered.trainedUntil)}, so it cannot score ` +
        `${formatDay(inUseFrom)}; choose that day or a later one.`,
    );
  }
  return decide(context, model, { version, inUseFrom, kind: 'promoted' }, said);
}

/**
 * Puts the last good version in use again that was before the one that is.
 * @throws a problem `USAGE` when there is none
 */
export async function rollBack(context: Context, model: AnyModel, said: Said): Promise<Promotion> {
  const history = await promotionsOf(context.database, model.name);
  const [current, ...before] = versionsInUse(history, Number.POSITIVE_INFINITY);
  const { usable, faults } = await firstUsable(context.database, model, before);
  if (!usable) {
    const because = faults.length > 0 ? ` that can be used: ${faults.join(' ')}` : '.';
    const now = current === undefined ? 'No version is in use' : `${current} is in use`;
    throw problem('USAGE', `${now} for ${model.name}, and none was before it${because}`);
  }
  const latest = Math.max(...history.map(({ inUseFrom }) => inUseFrom));
  const inUseFrom = said.from ?? Math.max(latest, await dayToScore(context));
  if (inUseFrom < latest) {
    throw problem(
      'USAGE',
      `${current} is in use from ${formatDay(latest)} on; roll back from that day or a later one.`,
    );
  }
  return decide(context, model, { version: usable.registered.version, inUseFrom, kind: 'rolled back' }, said);
}

/** Puts a version in use that training found better, unless people have gone back to the one before it. */
export async function promoteTrained(
  context: Context,
  model: Pick<AnyModel, 'name'>,
  version: string,
  { inUseFrom, why }: { inUseFrom: Instant; why: string },
): Promise<boolean> {
  const history = await promotionsOf(context.database, model.name);
  if (versionsInUse(history, inUseFrom)[0] === version) return true;
  if (wasRolledBack(history, version)) return false;
  await decide(context, model, { version, inUseFrom, kind: 'promoted' }, { by: 'training', why });
  return true;
}

async function decide(
  { database, clock }: Context,
  model: Pick<AnyModel, 'name'>,
  decision: Pick<Promotion, 'version' | 'inUseFrom' | 'kind'>,
  { by, why }: Said,
): Promise<Promotion> {
  const promotion = { ...decision, decidedBy: by, why, decidedAt: clock() };
  await promoteVersion(database, model.name, promotion);
  return promotion;
}

async function dayToScore(context: Context): Promise<Instant> {
  return (await programFacts(context)).latestAsOf;
}
