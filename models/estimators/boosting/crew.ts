import type { Worker } from 'node:worker_threads';
import { callThread, letGo } from '../../threads.ts';
import { binColumns, countUnusual, listUnusual } from './binned-rows.ts';
import { endOrders } from './orders.ts';
import type { Workspace } from './workspace.ts';

/** What threads do one part each of, apart from each other. */
export const JOBS = { columns: binColumns, count: countUnusual, list: listUnusual };

type Jobs = typeof JOBS;

/** Threads that help to grow trees; the one that asks is the first. */
export interface Crew {
  threads: number;
  /** Does a part of a job on each thread, the first on this one; the answers come in the order of the parts. */
  share<Job extends keyof Jobs>(job: Job, parts: readonly Parameters<Jobs[Job]>[0][]): Promise<ReturnType<Jobs[Job]>[]>;
  /** Lets the others carry out the orders of a workspace while `work` gives them, one workspace at a time. */
  at<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result>;
  /** Lets its threads go to whoever calls next, or ends them where one has failed. */
  dismiss(): Promise<void>;
}

const CREW_WORKER = new URL('./crew-worker.ts', import.meta.url);

/**
 * Calls up a crew. Its threads may still be on their way when the first part of a job is done here.
 * @param threads at least 1; 1 is the asking thread alone
 */
export function callCrew(threads: number): Crew {
  const workers = Array.from({ length: threads - 1 }, () => callThread(CREW_WORKER));
  let isSound = true;
  const watched = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      isSound = false;
      throw error;
    }
  };
  return {
    threads,
    share: (job, [own, ...others]) =>
      watched(async () => {
        const does = JOBS[job] as (part: typeof own) => ReturnType<Jobs[typeof job]>;
        const answers = Promise.all(workers.map((worker, i) => ask<ReturnType<typeof does>>(worker, job, others[i])));
        answers.catch(() => undefined);
        return [does(own), ...(await answers)];
      }),
    at: (workspace, work) =>
      watched(async () => {
        workers.forEach((worker, i) => {
          worker.postMessage({ workspace, thread: i + 1 });
        });
        try {
          return await work();
        } finally {
          endOrders(workspace);
        }
      }),
    async dismiss() {
      if (isSound) for (const worker of workers) letGo(CREW_WORKER, worker);
      else await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** @throws Error when the thread dies before it has answered */
function ask<Answer>(worker: Worker, job: keyof Jobs, part: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const died = (code: number) => reject(new Error(`a thread that grows trees ended with ${code}`));
    worker.once('exit', died).once('error', reject);
    worker.once('message', (answer: Answer) => {
      worker.off('exit', died).off('error', reject);
      resolve(answer);
    });
    worker.postMessage({ job, part });
  });
}
