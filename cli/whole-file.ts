import { rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../store/index.ts';

/**
 * Writes a file that is always whole under its name: first to a temporary name beside it, which takes its place once
 * everything is on the disk. Whatever fails on the way leaves what was there before, and nothing else.
 * @param pieces what the file holds, in order; asked for only after the place has been found writable
 * @throws a problem `USAGE` when there is no such place, or nothing may be written there; an error that says so when the
 * disk is full; whatever `pieces` throws
 */
export async function writeWhole(file: string, pieces: AsyncIterable<Uint8Array> | Iterable<string>): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  const remove = () => rmSync(part, { force: true });
  const done = <Result>(work: Promise<Result>) => work.catch((error) => Promise.reject(told(error, file)));
  const handle = await done(open(part, 'w'));
  // Whoever is interrupted exits at once.
  process.once('exit', remove);
  try {
    try {
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw problem('USAGE', `${file} is a directory.`);
      for await (const piece of pieces) await done(handle.appendFile(piece));
      await done(handle.sync());
    } finally {
      await handle.close();
    }
    await done(rename(part, file));
  } finally {
    remove();
    process.off('exit', remove);
  }
}

function told(error: NodeJS.ErrnoException, file: string): Error {
  switch (error.code) {
    case 'ENOENT':
      return problem('USAGE', `There is no directory ${dirname(file)} to write ${file} to.`);
    case 'ENOTDIR':
      return problem('USAGE', `${dirname(file)} is no directory; ${file} cannot be written there.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return problem('USAGE', `Nothing may be written to ${dirname(file)}; choose another place than ${file}.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new Error(`There is no room left on the disk for ${file}; nothing was written.`, { cause: error });
    default:
      return new Error(`${file} cannot be written: ${error.message}`, { cause: error });
  }
}
