import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { inputsDigests } from '../../models/inputs-digest.ts';

function table(names: string[], ...columns: Float32Array[]) {
  const rows = columns[0].length;
  return {
    names,
    entities: Array(rows).fill('p'),
    cutoffs: new Float64Array(rows),
    columns,
    atRisk: new Uint8Array(rows),
    peers: [],
  };
}

it('is the SHA-256 of the names and the bits of a row', () => {
  const digest = inputsDigests(table(['a', 'b'], Float32Array.of(9, 1.5), Float32Array.of(9, -2)));
  // 1.5 is 3fc00000 and −2 is c0000000, lowest byte first.
  const bytes = Buffer.concat([Buffer.from('["a","b"]'), Buffer.from('0000c03f000000c0', 'hex')]);
  expect(digest(1)).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(digest(0)).not.toBe(digest(1));
  expect(digest(1)).toBe(digest(1));
});

it('is another for another name, and for a value that differs in its last bit or in being known', () => {
  const of = (name: string, bits: number) =>
    inputsDigests(table([name], new Float32Array(Uint32Array.of(bits).buffer)))(0);
  const one = 0x3f800000;
  expect(new Set([of('a', one), of('b', one), of('a', one + 1), of('a', 0), of('a', 0x7fc00000)]).size).toBe(5);
});

it('is the same for whichever NaN stands for unknown', () => {
  const of = (bits: number) => inputsDigests(table(['a'], new Float32Array(Uint32Array.of(bits).buffer)))(0);
  expect(of(0xffc00000)).toBe(of(0x7fc00000));
});
