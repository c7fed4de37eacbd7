import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeColumns, digestIn, type EventColumns, encodeColumns } from '../features/index.ts';
import type { HeldRange } from './column-ranges.ts';
import type { Standing } from './standing.ts';

/** Which files hold the columns of a store, and how far they go. */
export interface Manifest {
  format: number;
  standing: Standing;
  ranges: readonly HeldRange[];
}

/** Raised when the reader of facts makes something else of the same store, or this file changes its form. */
export const FORMAT = 1;
const MANIFEST = 'manifest.json';
const ENDING = '.columns';
const UNFINISHED = '.new';
/** A server's facts are behind its password; here they are files. */
const OWNER_ONLY = 0o600;
/** By then whoever wrote an unfinished file is gone. */
const ABANDONED_MILLISECONDS = 3_600_000;

/**
 * The manifest of a directory; null when there is none.
 * @throws Error saying why it cannot be used
 */
export async function readManifest(directory: string): Promise<Manifest | null> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return null;
  const { checksum, manifest } = JSON.parse(text) as { checksum?: string; manifest?: Manifest };
  if (!manifest || checksum !== checksumOf(manifest)) throw new Error('its list of files is damaged');
  if (manifest.format !== FORMAT) throw new Error('they were written by another version');
  return manifest;
}

/** Puts a manifest in the place of the one before, whole or not at all. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify({ checksum: checksumOf(manifest), manifest })}\n`;
  await writeWhole(join(directory, MANIFEST), new TextEncoder().encode(text), true);
}

function checksumOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}

/** Writes the columns of a range of partners, at least one, into a file named by its checksum. */
export async function writeColumns(directory: string, columns: EventColumns): Promise<HeldRange> {
  const bytes = encodeColumns(columns);
  const digest = digestIn(bytes);
  // Not synced: what a power cut takes is missed by its checksum, and read anew.
  await writeWhole(pathOf(directory, digest), bytes, false);
  return { first: columns.partners[0], partners: columns.partners.length, digest, bytes: bytes.length };
}

/**
 * Reads the columns of a range.
 * @throws Error when they are not there, or not what was written
 */
export async function readColumns(directory: string, { digest }: HeldRange): Promise<EventColumns> {
  const bytes = await readFile(pathOf(directory, digest));
  if (digestIn(bytes) !== digest) throw new Error('another file is in its place');
  return decodeColumns(bytes);
}

function pathOf(directory: string, digest: string): string {
  return join(directory, `${digest}${ENDING}`);
}

/** Under its final name a file is always complete, unless the power fails. */
async function writeWhole(path: string, bytes: Uint8Array, synced: boolean): Promise<void> {
  const unfinished = `${path}-${process.pid}-${randomBytes(4).toString('hex')}${UNFINISHED}`;
  try {
    if (synced) await writeSynced(unfinished, bytes);
    else await writeFile(unfinished, bytes, { mode: OWNER_ONLY });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the files that the manifest does not name. Another process may still be at work on an unfinished one. */
export async function removeOthers(directory: string): Promise<void> {
  const manifest = await readManifest(directory).catch(() => null);
  const named = new Set(manifest?.ranges.map(({ digest }) => `${digest}${ENDING}`));
  const written = await stat(join(directory, MANIFEST)).catch(() => null);
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const isLeft = name.endsWith(ENDING) && !named.has(name);
    if (isLeft || (name.endsWith(UNFINISHED) && (await isAbandoned(path, written?.mtimeMs)))) {
      await rm(path, { force: true });
    }
  }
}

async function isAbandoned(path: string, now: number | undefined): Promise<boolean> {
  const begun = await stat(path).catch(() => null);
  return begun !== null && now !== undefined && begun.mtimeMs < now - ABANDONED_MILLISECONDS;
}
