import {
  completeTable,
  describedFeatures,
  type EventColumns,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  type History,
  type Instant,
  type Program,
  visitHistories,
} from '../features/index.ts';
import type { ProgramFacts } from './facts.ts';
import { beginningOf, type RangeJob, type RangePart } from './range-job.ts';
import { rangesOnThreads } from './range-threads.ts';

/** Below so many histories in a range, a thread takes longer to start than it saves. */
const WORTH_A_THREAD = 10_000;

/** The features of every partner known at each cutoff. */
export async function buildFeatures(
  view: FeatureView,
  source: ProgramFacts,
  cutoffs: readonly Instant[],
): Promise<FeatureTable> {
  const ascending = inTurn(cutoffs);
  const job: RangeJob = { of: 'features', view: view.name, cutoffs: ascending };
  const parts: FeatureTable[] = [];
  for await (const { table } of eachRange(job, source, Math.max(...ascending))) parts.push(table);
  return completeTable(view, parts).table;
}

/** What one batch of features may take unless told otherwise, in bytes. */
const BATCH = 256 * 2 ** 20;

/**
 * The same in tables of whole cutoffs, ascending, as many together as memory allows; each table is a pass over the facts.
 * A table without rows where nothing was known.
 * @param batch what one of them may take, in bytes; a single cutoff may take more
 */
export async function* featureBatches(
  view: FeatureView,
  source: ProgramFacts,
  cutoffs: readonly Instant[],
  batch = BATCH,
): AsyncGenerator<FeatureTable> {
  const perCutoff = (await source.facts.partners()) * describedFeatures(view).length * Float32Array.BYTES_PER_ELEMENT;
  const together = Math.max(1, Math.floor(batch / Math.max(1, perCutoff)));
  const ascending = inTurn(cutoffs);
  for (let from = 0; from < ascending.length; from += together) {
    yield await buildFeatures(view, source, ascending.slice(from, from + together));
  }
}

/**
 * The same for one cutoff, while others look on.
 * @param visit shown each history, and whether its partner is at risk
 */
export async function watchFeatures(
  view: FeatureView,
  { facts, program }: ProgramFacts,
  cutoff: Instant,
  visit: (history: History, atRisk: boolean) => void,
): Promise<FeatureTable> {
  const parts: FeatureTable[] = [];
  for await (const columns of facts.ranges(cutoff)) {
    const rows = new FeatureRows(view, columns.partners.length);
    visitHistories(columns, program, [cutoff], (history) => visit(history, rows.add(history)));
    parts.push(rows.taken());
  }
  return completeTable(view, parts).table;
}

/** For so many rows memory is set aside at once; with more of them it grows. */
const MOST_AT_ONCE = 500_000;

/**
 * What a job makes of all ranges of partners, in their order: in one part here, or in one of each range on threads of
 * their own where there is enough to do and more than one range; the same rows either way.
 */
export async function* eachRange(
  job: RangeJob,
  { facts, program, threads }: ProgramFacts,
  knownBefore: Instant,
): AsyncGenerator<RangePart> {
  const ranges = facts.ranges(knownBefore)[Symbol.asyncIterator]();
  const [first, second] = [await ranges.next(), await ranges.next()];
  if (first.done) return;
  const isMuch = second.done !== true && first.value.partners.length * job.cutoffs.length >= WORTH_A_THREAD;
  const all = chained([first.value, ...(second.done ? [] : [second.value])], ranges);
  if (threads > 1 && isMuch) yield* rangesOnThreads(job, program, all, threads);
  else yield await allHere(job, program, all, (await facts.partners()) * job.cutoffs.length);
}

async function allHere(
  job: RangeJob,
  program: Program,
  ranges: AsyncIterable<EventColumns>,
  histories: number,
): Promise<RangePart> {
  const begin = await beginningOf(job, program);
  const work = begin(Math.min(histories, MOST_AT_ONCE));
  for await (const columns of ranges) work.take(columns);
  return work.part();
}

async function* chained(read: EventColumns[], rest: AsyncIterator<EventColumns>): AsyncGenerator<EventColumns> {
  // What has been handed on is not held here.
  for (let columns = read.shift(); columns; columns = read.shift()) yield columns;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** Cutoffs in ascending order, each once. */
export function inTurn(cutoffs: readonly Instant[]): Instant[] {
  return [...new Set(cutoffs)].sort((a, b) => a - b);
}
