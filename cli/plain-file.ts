import { createReadStream } from 'node:fs';
import { problem } from '../store/index.ts';

/**
 * The bytes of a file that the command line names, piece by piece.
 * @throws a problem `USAGE` when there is no such file, it is a directory, or it may not be read
 */
export async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        throw problem('USAGE', `There is no file ${file}.`);
      case 'EISDIR':
        throw problem('USAGE', `${file} is a directory; name a CSV file.`);
      case 'EACCES':
        throw problem('USAGE', `${file} may not be read; give this user the right to, or name another file.`);
      default:
        throw error;
    }
  }
}
