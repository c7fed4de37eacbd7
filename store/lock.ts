import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { problem } from './problem.ts';

/** Who holds a store. */
interface Claim {
  pid: number;
  host: string;
  /** What tells this process from a later one with the same number; empty where the system does not say. */
  birth: string;
  what: string;
  since: string;
}

/** A claim and the file it stands in. */
interface Held {
  file: string;
  claim: Claim;
}

const ATTEMPTS = 4;

/**
 * Takes a directory for this process alone, until `release`. Every process writes a claim of its own and only then
 * looks for others: of two that come at once at least one sees the other and gives way. Claims of dead processes
 * are removed by whoever meets them.
 * @param directory made when it is not there
 * @param what the command that holds it, for the sentence another process gets
 * @throws a problem `STORE_HELD` naming the holder
 */
export async function lock(directory: string, what: string): Promise<{ release: () => void }> {
  makeDirectory(directory);
  for (let attempt = 1; ; attempt++) {
    const taken = take(directory, what);
    if ('release' in taken) return taken;
    // Two that came at once may both have given way; a little later only one of them is there.
    if (attempt === ATTEMPTS) throw held(directory, taken.holder);
    await setTimeout(20 + Math.random() * 80);
  }
}

/**
 * Makes a directory where there is none.
 * @throws a problem `USAGE` when it cannot be made, or not be written to
 */
export function makeDirectory(directory: string): void {
  // mkdir of Node 20 never returns where the parent cannot be written to, as below /proc.
  const existing = nearestExisting(resolve(directory));
  if (!statSync(existing).isDirectory())
    throw problem('USAGE', `${existing} is a file, where a directory was expected.`);
  try {
    accessSync(existing, constants.W_OK);
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw problem(
      'USAGE',
      `The directory ${directory} cannot be made: ${(error as Error).message}. Name another with --data.`,
    );
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function take(directory: string, what: string): { release: () => void } | { holder: Held } {
  const claim: Claim = {
    pid: process.pid,
    host: hostname(),
    birth: birthOf('self'),
    what,
    since: new Date().toISOString(),
  };
  const file = join(directory, `lock-${process.pid}-${randomBytes(4).toString('hex')}.json`);
  writeWhole(file, JSON.stringify(claim));
  const holder = claims(directory).find((other) => other.file !== file && isAlive(other.claim, other.file));
  if (holder) {
    rmSync(file, { force: true });
    return { holder };
  }
  const release = () => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

function held(directory: string, { file, claim: { pid, host, what, since } }: Held): Error {
  const foreign = host === hostname() ? '' : ` If ${host} is gone for good, remove ${file}.`;
  return problem(
    'STORE_HELD',
    `The store in ${directory} is held by "${what}" (process ${pid} on ${host}, since ${since}). ` +
      `Stop it first, or name another store with --data.${foreign}`,
  );
}

/** Under its final name a claim is always complete. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function claims(directory: string): Held[] {
  return readdirSync(directory)
    .filter((name) => /^lock-.*\.json$/.test(name))
    .flatMap((name) => {
      const file = join(directory, name);
      try {
        const claim = JSON.parse(readFileSync(file, 'utf8')) as Claim | null;
        return typeof claim?.host === 'string' && typeof claim.pid === 'number' ? [{ file, claim }] : [];
      } catch {
        return []; // released or removed by another in the meantime
      }
    });
}

/** Whether the process of a claim still runs; a dead one's claim is removed. On another host it cannot be told. */
function isAlive(claim: Claim, file: string): boolean {
  if (claim.host !== hostname()) return true;
  if (runs(claim.pid) && birthOf(claim.pid) === claim.birth) return true;
  rmSync(file, { force: true });
  return false;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Boot and start time of a process where /proc tells them (Linux): after a restart a new process may have the old
 * one's number, in a container it nearly always has.
 */
function birthOf(pid: number | 'self'): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return `${boot}/${afterName[19]}`;
  } catch {
    return '';
  }
}
