import { Worker } from 'node:worker_threads';

/*
 * What two threads can give on this machine at most: its cores may be two threads of one, and share what a core has.
 * Each loop has its own small arrays and waits for nobody.
 */

/** Running totals and look-ups in a few kilobytes, which is what features are made of. */
const LOOP = `
const { parentPort } = require('node:worker_threads');
const ROWS = 4096;
const places = Int32Array.from({ length: ROWS }, (_, i) => (i * 2654435761) % ROWS);
const values = new Float64Array(ROWS).fill(1);
const totals = new Float64Array(ROWS + 1);
function run(times) {
  let sum = 0;
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < ROWS; i++) totals[i + 1] = totals[i] + values[i];
    for (let i = 0; i < ROWS; i++) sum += totals[ROWS] - totals[places[i]];
  }
  return sum;
}
run(1000);
parentPort.on('message', (times) => parentPort.postMessage(run(times)));
parentPort.postMessage('ready');
`;
const TIMES = 150_000;
const ROUNDS = 3;

/** How many times as much two plain loops side by side do in a second as one alone: the middle of three rounds. */
export async function twoLoopsToOne(): Promise<number> {
  const loops = await Promise.all([startLoop(), startLoop()]);
  const gains: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await secondsOf(loops.slice(0, 1));
    gains.push((2 * alone) / (await secondsOf(loops)));
  }
  await Promise.all(loops.map((loop) => loop.terminate()));
  return gains.sort((a, b) => a - b)[ROUNDS >> 1];
}

async function startLoop(): Promise<Worker> {
  const loop = new Worker(LOOP, { eval: true });
  await answerOf(loop);
  return loop;
}

async function secondsOf(loops: readonly Worker[]): Promise<number> {
  const from = performance.now();
  await Promise.all(
    loops.map((loop) => {
      const answer = answerOf(loop);
      loop.postMessage(TIMES);
      return answer;
    }),
  );
  return (performance.now() - from) / 1000;
}

function answerOf(loop: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    loop.once('message', resolve).once('error', reject);
  });
}
