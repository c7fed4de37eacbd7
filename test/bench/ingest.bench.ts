import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../store/index.ts';
import { startCommand } from '../helpers/command-line.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { copyByPeer, hasPsql, query } from './peer.ts';
import { median, record, say } from './record.ts';
import { writeWorkload } from './workload.ts';

/*
 * How long `ingest` takes beside what one would write instead: COPY into staging tables and a keyed insert, on the same
 * server and in turns. The store without a server is measured beside it.
 */

const EVENTS = Number(process.env['EVENTS'] ?? 1_000_000);
const EMBEDDED_EVENTS = Number(process.env['EMBEDDED_EVENTS'] ?? 1_000_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const SHOWN = ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'max_wal_size'];
/** The kernel keeps the highest memory of a process; looked at this often, only that of its last moment is missed. */
const LOOK_MILLISECONDS = 50;

/** What one load took, and what was in the store after it. */
interface Run {
  seconds: number;
  /** The most memory that our process had; null for the peer, whose client only passes bytes on. */
  megabytes: number | null;
  partners: number;
  events: number;
}

type Counts = Pick<Run, 'partners' | 'events'>;
const COUNTS =
  'select (select count(*) from partner)::integer as partners, (select count(*) from event)::integer as events';

const place = mkdtempSync(join(tmpdir(), 'partnercast-bench-'));

async function bench(): Promise<void> {
  const files = writeWorkload(EVENTS, place);
  const given = process.env['DATABASE_URL_BENCH'];
  const server = given ? { url: given, stop: async () => {} } : await startPostgres();
  try {
    const [whose, client] = [given ? 'of DATABASE_URL_BENCH' : 'from npm', hasPsql ? 'psql' : 'pg-copy-streams'];
    const about = `${await settingsOf(server.url)}, ${whose}; peer by ${client}`;
    say(`PostgreSQL ${about}`);
    const peers: Run[] = [];
    const ours: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      peers.push(told('peer', await inFreshDatabase(server.url, (url) => peerInto(files, url))));
      ours.push(told('ours', await inFreshDatabase(server.url, (url) => ingestInto(files, url))));
    }
    requireEqual([...peers, ...ours], EVENTS);
    const ratio = medianSeconds(ours) / medianSeconds(peers);
    say(`${EVENTS} events: ours takes ${ratio.toFixed(2)} times as long as the peer.`);
    const embedded = told('embedded', await ingestInto(writeWorkload(EMBEDDED_EVENTS, place), undefined));
    requireEqual([embedded], EMBEDDED_EVENTS);
    log(about, peers, ours, ratio, embedded);
  } finally {
    await server.stop();
  }
}

/** Does work in a database that nothing has been written to and that is dropped after it. */
async function inFreshDatabase(url: string, work: (url: string) => Promise<Run>): Promise<Run> {
  const name = 'partnercast_bench';
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  await query(url, `drop database if exists ${name}`);
  await query(url, `create database ${name} template template0 encoding 'UTF8' locale 'C'`);
  // What was written before is not to be paid for by what comes now.
  await query(url, 'checkpoint');
  const run = await work(fresh.href);
  await query(url, `drop database ${name}`);
  return run;
}

/** Our command line, from its start to its end, on an empty store: its schema is made in the time that is taken. */
async function ingestInto(files: string, databaseUrl: string | undefined): Promise<Run> {
  const data = join(place, 'store');
  const from = performance.now();
  const child = startCommand(['ingest', files, '--json', '--data', data], {
    cwd: place,
    env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  });
  let megabytes = 0;
  const looking = setInterval(() => {
    megabytes = Math.max(megabytes, peakOf(child.pid));
  }, LOOK_MILLISECONDS);
  const { code, stderr } = await child.ended;
  const seconds = (performance.now() - from) / 1000;
  clearInterval(looking);
  if (code !== 0) throw new Error(`ingest ended with ${code}: ${stderr}`);
  const store = await openStore({ databaseUrl, directory: data }, 'the bench');
  const [counts] = await store.query<Counts>(COUNTS).finally(store.close);
  rmSync(data, { recursive: true, force: true });
  return { seconds, megabytes: megabytes || null, ...counts };
}

async function peerInto(files: string, url: string): Promise<Run> {
  const seconds = await copyByPeer(files, url);
  const [counts] = await query<Counts>(url, COUNTS);
  return { seconds, megabytes: null, ...counts };
}

/** Megabytes that a process has had at most so far; 0 where the system does not tell or the process is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

async function settingsOf(url: string): Promise<string> {
  const each = SHOWN.map((name) => `current_setting('${name}') as ${name}`);
  const [row] = await query<Record<string, string>>(url, `select ${each.join(', ')}`);
  const [version, ...others] = SHOWN;
  return [row[version], ...others.map((name) => `${name} ${row[name]}`)].join(', ');
}

/** A fast load that leaves something out is no load. */
function requireEqual(runs: readonly Run[], events: number): void {
  const [{ partners }] = runs;
  for (const run of runs) {
    if (run.events !== events || run.partners !== partners)
      throw new Error(
        `${events} events of ${partners} partners were to be stored, and a run has ${JSON.stringify(run)}.`,
      );
  }
}

function medianSeconds(runs: readonly Run[]): number {
  return median(runs.map((run) => run.seconds));
}

function told(name: string, run: Run): Run {
  const memory = run.megabytes === null ? '' : `, ${run.megabytes} MB at most`;
  say(
    `${name.padEnd(8)} ${run.seconds.toFixed(1).padStart(7)} s${memory}; ${run.partners} partners, ${run.events} events`,
  );
  return run;
}

function log(about: string, peers: readonly Run[], ours: readonly Run[], ratio: number, embedded: Run): void {
  const seconds = (runs: readonly Run[]) => runs.map((run) => run.seconds.toFixed(1)).join(', ');
  const most = Math.max(...ours.map(({ megabytes }) => megabytes ?? 0));
  record('Ingest', [
    about,
    EVENTS,
    seconds(peers),
    seconds(ours),
    ratio.toFixed(2),
    `${most} MB`,
    `${EMBEDDED_EVENTS}: ${embedded.seconds.toFixed(1)} s, ${embedded.megabytes} MB`,
  ]);
}

await bench().finally(() => rmSync(place, { recursive: true, force: true }));
