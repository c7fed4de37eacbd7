import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contest, Explained, Fit } from './our-fits.ts';
import { median, record, say } from './record.ts';
import { PEER, requireWorkload, writeWorkload } from './workload.ts';

/*
 * What learning costs beside scikit-learn and xgboost: the same rows, the same settings, one thread, in turns. Each side is
 * a process of its own that holds the matrix; fits are timed inside.
 */

const EVENTS = Number(process.env['EVENTS'] ?? 1_000_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const FILES = process.env['FILES'];
const PYTHONS = [process.env['PYTHON'] ?? 'python3', '/usr/bin/python3'];

interface PeerFit {
  cpu: number;
  auc: number;
  logLoss: number;
}

/** A process that answers line by line. */
class Side {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[]) {
    this.#process = spawn(program, args);
    this.#process.stderr.resume();
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnfile} ended before it had answered`);
    return value;
  }

  async ask<Answer>(what: string): Promise<Answer> {
    this.#process.stdin.write(`${what}\n`);
    return JSON.parse(await this.answer()) as Answer;
  }

  end(): void {
    this.#process.stdin.end();
  }
}

const place = mkdtempSync(join(tmpdir(), 'partnercast-bench-'));

function pythonWithPeers(): string {
  const found = PYTHONS.find((python) => spawnSync(python, ['-c', 'import sklearn, xgboost']).status === 0);
  if (!found) {
    throw new Error(
      'The bench needs Python with scikit-learn and xgboost (apt-get install python3-sklearn python3-xgboost); PYTHON names one.',
    );
  }
  return found;
}

async function bench(): Promise<void> {
  const python = pythonWithPeers();
  requireWorkload(PEER);
  const matrix = join(place, 'matrix');
  const script = fileURLToPath(new URL('./peer_fits.py', import.meta.url));
  const peer = new Side(python, [script, FILES ?? writeWorkload(EVENTS, place), dirname(PEER), matrix]);
  await peer.answer();
  const ours = new Side(process.execPath, [
    '--import',
    'tsx',
    fileURLToPath(new URL('./our-fits.ts', import.meta.url)),
    matrix,
  ]);
  await ours.answer();
  const took = { hgb: [] as PeerFit[], xgboost: [] as PeerFit[], boosting: [] as Fit[], two: [] as Fit[] };
  const lines = { theirs: [] as PeerFit[], ours: [] as Fit[] };
  const shap = { theirs: [] as PeerFit[], ours: [] as Explained[] };
  for (let round = 0; round < ROUNDS; round++) {
    took.hgb.push(tell('HistGradientBoosting', await peer.ask('hgb')));
    took.boosting.push(tell('boosting', await ours.ask('boosting')));
    shap.ours.push(await ours.ask('explain'));
    took.xgboost.push(tell('xgboost', await peer.ask('xgboost')));
    shap.theirs.push(await peer.ask('shap'));
    took.two.push(tell('boosting, two threads', await ours.ask('boosting on two')));
    lines.theirs.push(tell('logistic of scikit-learn', await peer.ask('logistic')));
    lines.ours.push(tell('logistic', await ours.ask('logistic')));
  }
  peer.end();
  const own = tell('boosting, settings of its own', await ours.ask<Fit>('boosting by itself'));
  const contest = await ours.ask<Contest>('contest');
  ours.end();
  say(`the champion is ${contest.champion}: ${JSON.stringify(contest.aucs)}, ${contest.cpu.toFixed(0)} CPU-s in all`);
  const cpu = (fits: readonly { cpu: number }[]) => median(fits.map((fit) => fit.cpu));
  const wall = (fits: readonly Fit[]) => median(fits.map((fit) => fit.wall));
  const pair = (theirs: readonly { cpu: number }[], mine: readonly { cpu: number }[]) =>
    `${cpu(theirs).toFixed(1)}, ${cpu(mine).toFixed(1)} = ${(cpu(mine) / cpu(theirs)).toFixed(2)}`;
  const auc = (fits: readonly { auc: number }[]) => fits[0].auc.toFixed(4);
  record('Estimators', [
    EVENTS,
    `load ${loadavg()[0].toFixed(1)}; Node ${process.version}`,
    `${pair(took.hgb, took.boosting)}; xgboost ${cpu(took.xgboost).toFixed(1)}`,
    `${auc(took.boosting)}; ${auc(took.hgb)}, ${auc(took.xgboost)}`,
    `${wall(took.boosting).toFixed(1)} s / ${wall(took.two).toFixed(1)} s = ${(wall(took.boosting) / wall(took.two)).toFixed(2)}`,
    `${own.cpu.toFixed(1)}, AUC ${own.auc.toFixed(4)}`,
    `${pair(lines.theirs, lines.ours)}; AUC ${auc(lines.ours)}, ${auc(lines.theirs)}`,
    `${shap.ours[0].rows} rows: ${pair(shap.theirs, shap.ours)}; off by ${Math.max(...shap.ours.map(({ off }) => off)).toExponential(0)}`,
    `${contest.champion} (${Object.entries(contest.aucs)
      .map(([name, value]) => `${name} ${value.toFixed(4)}`)
      .join(', ')}; ${contest.cpu.toFixed(0)} CPU-s)`,
  ]);
  const short = (theirs: readonly { auc: number }[], mine: readonly { auc: number }[]) => theirs[0].auc - mine[0].auc;
  const missed = [
    short(took.hgb, took.boosting) > 0.003 && 'boosting’s AUC is more than .003 below that of HistGradientBoosting',
    short(took.xgboost, took.boosting) > 0.003 && 'boosting’s AUC is more than .003 below xgboost’s',
    Math.abs(short(lines.theirs, lines.ours)) > 0.001 && 'logistic’s AUC is not within .001 of scikit-learn’s',
    contest.champion !== 'boosting' && `the champion is ${contest.champion}, not boosting`,
  ].filter((each) => each !== false);
  if (missed.length > 0) throw new Error(`${missed.join('; ')}.`);
}

function tell<Answer extends PeerFit>(what: string, fit: Answer): Answer {
  say(
    `${what.padEnd(30)} ${fit.cpu.toFixed(2).padStart(7)} CPU-s, AUC ${fit.auc.toFixed(4)}, log loss ${fit.logLoss.toFixed(4)}`,
  );
  return fit;
}

await bench().finally(() => rmSync(place, { recursive: true, force: true }));
