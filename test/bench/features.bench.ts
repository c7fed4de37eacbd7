import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cutoffsBetween, parseDay } from '../../features/index.ts';
import { buildOurFeatures } from './built.ts';
import type { DuckOrder, DuckTook } from './duckdb-features.ts';
import { kindsIn, readPartners, writeEventFiles } from './event-files.ts';
import type { Order, Took } from './our-features.ts';
import { median, record, say } from './record.ts';
import { type Comparison, compareTables } from './table-files.ts';
import { twoLoopsToOne } from './two-loops.ts';
import { PEER, requireWorkload, WORKLOAD, writeWorkload } from './workload.ts';

/*
 * What features cost beside what one would write instead with numpy, pandas and DuckDB: the same 94 features of the same
 * rows, compared before anything is said. Each runs in a process of its own, in turns; reading is told apart. Ours runs
 * as it is published: compiled, not as source.
 */

const EVENTS = Number(process.env['EVENTS'] ?? 1_000_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
/** A directory with partners.csv and events.csv of EVENTS events, where there is one already. */
const FILES = process.env['FILES'];
/** From so many events on nothing else could hold them: ours alone is measured, on them and on a tenth. */
const TOO_MANY = 20_000_000;
/** The group-by variant is timed at so many cutoffs; all of them would take longer than everything else. */
const GROUPBY_CUTOFFS = 4;
/** What workload.py makes when it is not told otherwise: so many partners, and events in the months before these days. */
const PARTNERS = 20_000;
const MONTHS = cutoffsBetween(parseDay('2023-02-01'), parseDay('2025-01-01'), 'month');
/** Asked in this order; the first that has pandas runs the peer. */
const PYTHONS = [process.env['PYTHON'] ?? 'python3', '/usr/bin/python3'];

interface Stage {
  cpu_s: number;
  wall_s: number;
  peak_rss_mb: number;
  cpu_per_cutoff_s?: number;
}

interface PeerTook {
  cutoffs: string[];
  stages: Record<'read' | 'prepare' | 'features', Stage> & { groupby?: Stage };
  versions: string;
}

const place = mkdtempSync(join(tmpdir(), 'partnercast-bench-'));
const ourFeatures = buildOurFeatures(join(place, 'built'));

async function bench(): Promise<void> {
  const python = pythonWithPandas();
  requireWorkload(PEER);
  const files = FILES ?? writeWorkload(EVENTS, place);
  const columns = join(place, 'columns');
  const written = await writeEventFiles(csvOf(files), columns, readPartners(files).ids.length);
  if (written !== EVENTS) throw new Error(`${files} has ${written} events, not ${EVENTS}`);
  const stolen = stolenSeconds();
  const [peers, ours]: [PeerTook[], Took[]] = [[], []];
  const cutoffs = MONTHS;
  for (let round = 0; round < ROUNDS; round++) {
    const peer = runPeer(python, files, round === 0 ? GROUPBY_CUTOFFS : 0);
    if (peer.cutoffs.map(parseDay).join() !== cutoffs.join()) throw new Error(`the peer's cutoffs are ${peer.cutoffs}`);
    peers.push(peer);
    ours.push(runOurs({ files, columns, cutoffs, what: 'windows', threads: 1, out: tableOf('ours') }));
  }
  const kinds = kindsIn(columns);
  const ducks = [1, 2].map((threads) => runDuck({ files, cutoffs, kinds, threads, out: tableOf('duckdb') }));
  const compared = [compareTables(tableOf('ours'), tableOf('peer')), compareTables(tableOf('ours'), tableOf('duckdb'))];
  const product = Array.from({ length: ROUNDS }, () =>
    [1, 2].map((threads) => runOurs({ files, columns, cutoffs, what: 'product', threads, out: null })),
  );
  const ceiling = await twoLoopsToOne();
  say(`Two plain loops do ${ceiling.toFixed(2)} times as much as one on this machine.`);
  report(peers, ours, ducks, compared, product, ceiling, stolenSeconds() - stolen);
}

function tableOf(whose: string): string {
  return join(place, `table-${whose}`);
}

function csvOf(files: string): AsyncIterable<Buffer> {
  return createReadStream(join(files, 'events.csv'), { highWaterMark: 1 << 20 });
}

function pythonWithPandas(): string {
  const found = PYTHONS.find((python) => spawnSync(python, ['-c', 'import numpy, pandas']).status === 0);
  if (!found) throw new Error(`The bench needs Python with pandas (apt-get install python3-pandas); PYTHON names one.`);
  return found;
}

function runPeer(python: string, files: string, groupby: number): PeerTook {
  const script = fileURLToPath(new URL('./peer_features.py', import.meta.url));
  const args = [script, files, dirname(PEER), tableOf('peer'), String(groupby)];
  const took = JSON.parse(
    execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as PeerTook;
  const { features, groupby: slow } = took.stages;
  say(`peer     ${cpuAndMemory(features.cpu_s, features.peak_rss_mb)}`);
  if (slow) say(`group-by ${(slow.cpu_per_cutoff_s ?? 0).toFixed(2)} CPU-s per cutoff`);
  return took;
}

function runOurs(order: Order): Took {
  const took = runScript<Took>([ourFeatures], order);
  const what =
    order.what === 'product'
      ? `all features, ${took.wall.toFixed(2)} s with ${order.threads} threads, again ${took.wallAgain?.toFixed(2)} s`
      : order.what;
  say(`ours     ${cpuAndMemory(took.cpu, took.megabytes)}; ${took.rows} rows, ${took.features} features: ${what}`);
  return took;
}

function runDuck(order: DuckOrder): DuckTook {
  const script = fileURLToPath(new URL('./duckdb-features.ts', import.meta.url));
  const took = runScript<DuckTook>(['--import', 'tsx', script], order);
  say(`DuckDB   ${cpuAndMemory(took.cpu, took.megabytes)}, ${order.threads} threads`);
  return took;
}

function runScript<Answer>(script: readonly string[], order: object): Answer {
  const args = [...script, JSON.stringify(order)];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  ) as Answer;
}

function cpuAndMemory(cpu: number, megabytes: number): string {
  return `${cpu.toFixed(2).padStart(7)} CPU-s, ${megabytes.toFixed(0).padStart(5)} MB at most`;
}

/** Seconds of all cores that the hypervisor gave to others; 0 where the system does not tell. */
function stolenSeconds(): number {
  return existsSync('/proc/stat') ? Number(readFileSync('/proc/stat', 'utf8').split(/\s+/)[8]) / 100 : 0;
}

function report(
  peers: readonly PeerTook[],
  ours: readonly Took[],
  ducks: readonly DuckTook[],
  compared: readonly Comparison[],
  product: readonly Took[][],
  ceiling: number,
  stolen: number,
): void {
  const [peerCpu, ourCpu] = [peers.map(({ stages }) => stages.features.cpu_s), ours.map(({ cpu }) => cpu)];
  const ratio = median(ourCpu) / median(peerCpu);
  const perCutoff = peers[0].stages.groupby?.cpu_per_cutoff_s ?? Number.NaN;
  const ofGroupby = median(ourCpu) / peers[0].cutoffs.length / perCutoff;
  const ofDuck = median(ourCpu) / Math.min(...ducks.map(({ cpu }) => cpu));
  const [{ rows, features }] = compared;
  const [one, two] = [0, 1].map((threads) => product.map((round) => round[threads]));
  const inexact = compared.reduce((sum, each) => sum + each.inexact, 0);
  say(`${rows} rows of ${features} features are the same thrice (${inexact} values differ in the last place).`);
  say(
    `Ours takes ${ratio.toFixed(2)} times the CPU of the peer, ${percent(ofGroupby)} of its group-by variant, ${percent(ofDuck)} of DuckDB.`,
  );
  record('Features', [
    `${EVENTS}; ${rows} × ${features}, ${inexact} off by one float`,
    `load ${loadavg()[0].toFixed(1)}, stolen ${stolen.toFixed(0)} s; Node ${process.version}, ${peers[0].versions}, DuckDB ${ducks[0].version}`,
    each(peerCpu, Math.max(...peers.map(({ stages }) => stages.features.peak_rss_mb))),
    each(ourCpu, Math.max(...ours.map(({ megabytes }) => megabytes))),
    ratio.toFixed(2),
    `${perCutoff.toFixed(2)} → ${percent(ofGroupby)}`,
    `${each(
      ducks.map(({ cpu }) => cpu),
      Math.max(...ducks.map(({ megabytes }) => megabytes)),
    )} → ${percent(ofDuck)}`,
    `${one[0].rows} × ${one[0].features}: ${median(one.map(({ cpu }) => cpu)).toFixed(1)} CPU-s`,
    `${gain(one, two, 'wall')}; again ${gain(one, two, 'wallAgain')}; two loops / one: ${ceiling.toFixed(2)}`,
    `${median(peers.map(({ stages }) => stages.read.cpu_s + stages.prepare.cpu_s)).toFixed(1)}, ` +
      `${median(ours.map(({ readCpu }) => readCpu)).toFixed(1)}, ${median(ducks.map(({ readCpu }) => readCpu)).toFixed(1)}`,
  ]);
}

function each(cpu: readonly number[], megabytes: number): string {
  return `${cpu.map((seconds) => seconds.toFixed(2)).join(', ')} (${megabytes.toFixed(0)} MB)`;
}

function gain(one: readonly Took[], two: readonly Took[], which: 'wall' | 'wallAgain'): string {
  const [alone, together] = [one, two].map((took) => median(took.map((round) => round[which] ?? Number.NaN)));
  return `${alone.toFixed(1)} s / ${together.toFixed(1)} s = ${(alone / together).toFixed(2)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Ours alone, from columns that are never all in memory, on all the events and on a tenth of them. */
async function benchMany(): Promise<void> {
  requireWorkload();
  const took: Took[] = [];
  for (const events of [EVENTS / 10, EVENTS]) {
    const files = join(place, `events-${events}`);
    const args = [WORKLOAD, '--events', String(events), '--stdout', '--out', files];
    const writer = spawn('python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const written = await writeEventFiles(writer.stdout, files, PARTNERS);
    if (written !== events) throw new Error(`${written} events were written, not ${events}`);
    took.push(runOurs({ files, columns: files, cutoffs: MONTHS, what: 'windows in batches', threads: 1, out: files }));
    rmSync(files, { recursive: true });
  }
  const [tenth, all] = took;
  const growth = all.cpu / tenth.cpu;
  say(`Ten times the events take ${growth.toFixed(1)} times the CPU.`);
  record('Many events', [
    EVENTS,
    `load ${loadavg()[0].toFixed(1)}; Node ${process.version}`,
    `${tenth.cpu.toFixed(1)} (${tenth.megabytes} MB)`,
    `${all.cpu.toFixed(1)} (${all.megabytes} MB)`,
    growth.toFixed(1),
    `${tenth.readCpu.toFixed(1)}, ${all.readCpu.toFixed(1)}`,
  ]);
}

await (EVENTS < TOO_MANY ? bench() : benchMany()).finally(() => rmSync(place, { recursive: true, force: true }));
