import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, type EventColumns, type FeatureTable, parseDay, views } from '../../features/index.ts';
import { callThread, scoringModels } from '../../models/index.ts';
import { eachRange } from '../../pipelines/features.ts';
import { buildFeatures, programFacts } from '../../pipelines/index.ts';
import { buildPanel } from '../../pipelines/panel.ts';
import type { RangeJob, RangePart } from '../../pipelines/range-job.ts';
import { rangesOnThreads } from '../../pipelines/range-threads.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { columnsIn, livelyWorld, programTracking } from '../helpers/lively-world.ts';
import { deal, storeRows } from '../helpers/stored-events.ts';

const END = parseDay('2024-07-01');
const [view] = views;
const [model] = scoringModels;
/** So many cutoffs of a range of a thousand partners are worth a thread, and none less. */
const CUTOFFS = Array.from({ length: 10 }, (_, i) => END - (9 - i) * DAY);
const PARTNERS = 1005;

/** One word for a table, to the bit. */
function digest({ names, entities, peers, cutoffs, atRisk, columns }: FeatureTable): string {
  const hash = createHash('sha256').update(JSON.stringify([names, entities, peers]));
  for (const values of [cutoffs, atRisk, ...columns]) hash.update(values);
  return hash.digest('hex');
}

/** Threads that other tests have left, which wait for the next. */
let others = 0;
beforeEach(() => {
  others = 0;
  others = threadsNow();
});

/** Threads that are running beside this one and those. */
function threadsNow(): number {
  const { workers } = process.report.getReport() as unknown as { workers: unknown[] };
  return workers.length - others;
}

const RANGE_WORKER = new URL('../../pipelines/range-worker.ts', import.meta.url);

/** Ends the threads that wait for a job, of which no test here leaves more than three, and counts anew. */
async function noneWaits(): Promise<void> {
  await Promise.all([1, 2, 3].map(() => callThread(RANGE_WORKER).terminate()));
  others = 0;
  others = threadsNow();
}

/** What a module loads when it is loaded itself, modules and packages; types and what is loaded later left out. */
function loadedBy(module: URL, known = new Set<string>()): Set<string> {
  const text = readFileSync(fileURLToPath(module), 'utf8');
  for (const [, from] of text.matchAll(/^(?:import|export)\b(?! type\b)[^;]*? from '([^']+)'/gm)) {
    const loaded = from.startsWith('.') ? new URL(from, module).href : from;
    if (known.has(loaded)) continue;
    known.add(loaded);
    if (from.startsWith('.')) loadedBy(new URL(loaded), known);
  }
  return known;
}

describe('partners in two ranges, on threads', () => {
  let source: Awaited<ReturnType<typeof programFacts>>;

  beforeAll(async () => {
    const database = await openDatabase();
    const rows = Array.from({ length: PARTNERS }, (_, p) =>
      [1, 20, 110, 130, 150].map((days) => {
        const at = END - (days + (p % 60)) * DAY;
        return { ...deal(`p${p}`, new Date(at).toISOString().slice(0, 10), at + (p % 3) * DAY), value: '' };
      }),
    );
    await storeRows(database, 'events', rows.flat());
    source = await programFacts(contextOn(database, END));
  }, 60_000);

  it('have the features they have without', async () => {
    const tables = await each([1, 2, 3], (threads) => buildFeatures(view, { ...source, threads }, CUTOFFS));
    expect(tables[0].entities.length).toBe(10 * PARTNERS);
    expect(new Set(tables.map(digest)).size).toBe(1);
  });

  it('have the outcomes and waits they have without', async () => {
    const cutoffs = CUTOFFS.map((cutoff) => cutoff - 100 * DAY);
    const knownBy = [END - DAY, END];
    const panels = await each([1, 2], (threads) => buildPanel(model, { ...source, threads }, cutoffs, knownBy));
    expect(panels[0].outcomes[1].length).toBeGreaterThan(10 * PARTNERS * 0.9);
    const said = panels.map(({ table, outcomes, waits }) => {
      const each = waits.flatMap(({ from, until }) => [from, until]);
      expect(each).toHaveLength(4);
      return digest({ ...table, columns: [...table.columns, ...outcomes, ...each] as never });
    });
    expect(new Set(said).size).toBe(1);
  });

  it('are left on this thread where there is little to do', async () => {
    const handsOver = async (count: number, threads: number) => {
      // Of that time nothing is known, which is quickly told.
      const cutoffs = CUTOFFS.slice(0, count).map((cutoff) => cutoff - 3000 * DAY);
      const handed: EventColumns[] = [];
      async function* ranges(knownBefore: number) {
        for await (const columns of source.facts.ranges(knownBefore)) {
          handed.push(columns);
          yield columns;
        }
      }
      const watched = { ...source, facts: { ...source.facts, ranges }, threads };
      for await (const _ of eachRange({ of: 'features', view: view.name, cutoffs }, watched, END));
      // What was handed over is not here any more.
      return handed.some(({ happenedAt }) => happenedAt.length === 0);
    };
    expect(await handsOver(9, 2)).toBe(false);
    expect(await handsOver(10, 1)).toBe(false);
    expect(await handsOver(10, 2)).toBe(true);
  });

  async function each<Made>(counts: number[], make: (threads: number) => Promise<Made>): Promise<Made[]> {
    const made: Made[] = [];
    for (const threads of counts) made.push(await make(threads));
    return made;
  }
});

describe('threads', () => {
  const program = programTracking(END);
  const job: RangeJob = { of: 'features', view: view.name, cutoffs: [END] };

  /** Ranges of one partner more each. */
  async function* ranges(count: number): AsyncGenerator<EventColumns> {
    for (let i = 1; i <= count; i++) yield columnsIn(livelyWorld(new Array<number>(i).fill(9), END, i));
  }

  async function partners(made: AsyncIterable<RangePart>): Promise<number[]> {
    const parts: number[] = [];
    for await (const { table } of made) parts.push(table.entities.length);
    return parts;
  }

  it('begin without models, unless they are asked for, and without the packages of file formats', () => {
    const [features, panel] = ['feature', 'panel'].map((job) => {
      const files = ['range-worker.ts', `${job}-work.ts`];
      return files.flatMap((file) => [...loadedBy(new URL(`../../pipelines/${file}`, import.meta.url))]);
    });
    const ofModels = (loaded: string) => loaded.includes('/models/');
    expect(features).toContain('ml-regression');
    expect(features.filter(ofModels)).toEqual([]);
    expect(panel.some(ofModels)).toBe(true);
    for (const name of ['apache-arrow', 'hyparquet-writer', 'lz4js', 'fzstd']) expect(panel).not.toContain(name);
  });

  it('make a part of each range, in their order', async () => {
    for (const threads of [1, 2, 3])
      expect(await partners(rangesOnThreads(job, program, ranges(7), threads))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await partners(rangesOnThreads(job, program, ranges(0), 2))).toEqual([]);
  });

  it('wait for the next job, and do it as told then', async () => {
    await noneWaits();
    await partners(rangesOnThreads(job, program, ranges(7), 3));
    const waiting = threadsNow();
    expect(waiting).toBe(2);
    const later: RangeJob = { ...job, cutoffs: [END - 900 * DAY, END] };
    const alone = await partners(rangesOnThreads(later, program, ranges(7), 1));
    expect(await partners(rangesOnThreads(later, program, ranges(7), 3))).toEqual(alone);
    expect(threadsNow()).toBe(waiting);
    const thread = callThread(RANGE_WORKER);
    // Of every job that it did, nobody listens any more.
    expect(['message', 'error', 'exit'].map((event) => thread.listenerCount(event))).toEqual([0, 1, 1]);
    await thread.terminate();
  });

  it('let the process end, and keep it while they are at work', () => {
    const script = fileURLToPath(new URL('../fixtures/two-threaded-jobs.ts', import.meta.url));
    const said = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8', timeout: 30_000 });
    expect(said.trim().split('\n')).toEqual(['50 1', '100 2']);
  }, 40_000);

  it('leave the last range to this one, which has nothing else to do', async () => {
    await noneWaits();
    const handed: EventColumns[] = [];
    async function* kept(count: number) {
      for await (const columns of ranges(count)) {
        handed.push(columns);
        yield columns;
      }
    }
    await partners(rangesOnThreads(job, program, kept(2), 2));
    // What was handed over is not here any more. A thread takes longer to start than this one to get to the second range.
    expect(handed.map(({ happenedAt }) => happenedAt.length > 0)).toEqual([false, true]);
  });

  it('a job that fails is told as what it is, and its threads do no other', async () => {
    await noneWaits();
    const failing: RangeJob = { ...job, view: 'none' };
    await expect(partners(rangesOnThreads(failing, program, ranges(5), 2))).rejects.toThrow('no view "none"');
    expect(threadsNow()).toBe(0);
    expect(await partners(rangesOnThreads(job, program, ranges(3), 2))).toEqual([1, 2, 3]);
  });

  it('a range that fails is not answered with the next one', async () => {
    await noneWaits();
    async function* broken() {
      for await (const columns of ranges(4))
        yield columns.partners.length === 1 ? { ...columns, offsets: null as never } : columns;
    }
    const parts: RangePart[] = [];
    await expect(
      (async () => {
        for await (const part of rangesOnThreads(job, program, broken(), 2)) parts.push(part);
      })(),
    ).rejects.toThrow(TypeError);
    expect(parts).toEqual([]);
  });

  it('a program that cannot be sent is told as that, and holds up nobody', async () => {
    await noneWaits();
    const unsent = { ...program, tell: () => 1 };
    await expect(partners(rangesOnThreads(job, unsent, ranges(3), 3))).rejects.toThrow('could not be cloned');
    expect(await partners(rangesOnThreads(job, program, ranges(3), 3))).toEqual([1, 2, 3]);
    // They wait, all of them: nothing was at work.
    expect(threadsNow()).toBe(2);
  });

  it('a source that fails is told as what it is, and leaves no thread', async () => {
    async function* breaking() {
      yield* ranges(2);
      throw new Error('the line is dead');
    }
    await expect(partners(rangesOnThreads(job, program, breaking(), 2))).rejects.toThrow('the line is dead');
    expect(threadsNow()).toBeLessThanOrEqual(0);
  });

  it('when nobody wants more, what they are still at is not taken for the next job', async () => {
    for await (const { table } of rangesOnThreads(job, program, ranges(9), 2)) {
      expect(table.entities).toHaveLength(1);
      break;
    }
    expect(await partners(rangesOnThreads(job, program, ranges(4), 2))).toEqual([1, 2, 3, 4]);
  });
});
