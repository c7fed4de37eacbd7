import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole } from '../../cli/whole-file.ts';

let place: string;
let file: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'partnercast-whole-'));
  file = join(place, 'f.csv');
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('a file is whole under its name', () => {
  it('when all went well', async () => {
    await writeWhole(file, pieces('a,b\n', '1,', '2\n'));
    expect(readFileSync(file, 'utf8')).toBe('a,b\n1,2\n');
    await writeWhole(file, pieces('new\n'));
    expect(readFileSync(file, 'utf8')).toBe('new\n');
    expect(readdirSync(place)).toEqual(['f.csv']);
  });

  it('when what it holds fails half-way: the old one stays, or none', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the store is gone');
    }
    await expect(writeWhole(file, failing())).rejects.toThrow('the store is gone');
    expect(readdirSync(place)).toEqual([]);
    writeFileSync(file, 'old');
    await expect(writeWhole(file, failing())).rejects.toThrow('the store is gone');
    expect(readdirSync(place)).toEqual(['f.csv']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it.each([
    ['SIGKILL', 2],
    ['SIGTERM', 1],
  ] as const)('when its writer is stopped by %s half-way: the old one stays', async (signal, left) => {
    writeFileSync(file, 'old');
    const module = fileURLToPath(new URL('../../cli/whole-file.ts', import.meta.url));
    const script = `
      import { writeWhole } from ${JSON.stringify(module)};
      process.on('SIGTERM', () => process.exit(143));
      async function* endless() {
        yield Buffer.from('half');
        process.stdout.write('half is written');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      }
      await writeWhole(${JSON.stringify(file)}, endless());`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    await once(child.stdout, 'data');
    child.kill(signal);
    await once(child, 'close');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(place)).toHaveLength(left);
  });
});

describe('a place that does not do is told before anything is asked for', () => {
  it('no directory, a file in its stead, a directory of that name', async () => {
    let isAsked = false;
    async function* asked(): AsyncGenerator<Uint8Array> {
      isAsked = true;
      yield new Uint8Array(1);
    }
    await expect(writeWhole(join(place, 'no/f.csv'), asked())).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^There is no directory .*no to write/),
    });
    writeFileSync(file, 'old');
    await expect(writeWhole(join(file, 'g.csv'), asked())).rejects.toMatchObject({ code: 'USAGE' });
    mkdirSync(join(place, 'd.csv'));
    await expect(writeWhole(join(place, 'd.csv'), asked())).rejects.toThrow(/d\.csv is a directory/);
    expect(readdirSync(place).sort()).toEqual(['d.csv', 'f.csv']);
    expect(isAsked).toBe(false);
  });
});
