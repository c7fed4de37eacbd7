import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeColumns, digestIn, encodeColumns } from '../../features/index.ts';
import { anyColumns } from '../helpers/any-columns.ts';
import { columnsOf } from '../helpers/facts.ts';

const some = columnsOf(
  {
    p: [
      { at: '2024-01-01', contactId: 'c', value: -0 },
      { at: '2024-01-02', value: Number.POSITIVE_INFINITY, currency: 'EUR', dealId: 'd' },
    ],
    q: [],
  },
  {
    q: {
      signed: [{ at: 0, knownAt: Number.NEGATIVE_INFINITY }],
      agreements: [],
      attributes: [{ attribute: 'tier', value: null, validFrom: -0, knownAt: Number.NaN }],
    },
  },
);
const document = encodeColumns(some);

it('gives back what it was given, to the bit', () => {
  fc.assert(
    fc.property(anyColumns, (columns) => {
      const bytes = encodeColumns(columns);
      const read = decodeColumns(bytes);
      expect(read).toStrictEqual(columns);
      expect(encodeColumns(read)).toEqual(bytes);
    }),
  );
});

it('copies no column', () => {
  const read = decodeColumns(document);
  for (const column of Object.values(read).filter(ArrayBuffer.isView)) expect(column.buffer).toBe(document.buffer);
});

it('reads a document that begins anywhere in its buffer', () => {
  const longer = new Uint8Array(document.length + 9);
  longer.set(document, 3);
  expect(decodeColumns(longer.subarray(3, 3 + document.length))).toStrictEqual(some);
});

it('refuses a document in which any bit is another', () => {
  for (let at = 0; at < document.length; at++) {
    const flipped = document.slice();
    flipped[at] ^= 1 << (at % 8);
    expect(() => decodeColumns(flipped), `byte ${at}`).toThrow(RangeError);
  }
});

it('refuses a document cut anywhere, and one that goes on', () => {
  for (let length = 0; length < document.length; length++) {
    expect(() => decodeColumns(document.slice(0, length)), `${length} bytes`).toThrow(RangeError);
  }
  expect(() => decodeColumns(Uint8Array.of(...document, 0))).toThrow(/bytes long/);
});

it('says which version a document is of', () => {
  const newer = document.slice();
  newer[8]++;
  expect(() => decodeColumns(newer)).toThrow('version 2, and this is 1');
});

it.each([
  ['a kind without its word', { kinds: [] }, /kinds/],
  ['a currency without its code', { currencies: [] }, /currencies/],
  ['a contact without its word', { contacts: [] }, /contacts/],
  ['fewer profiles than partners', { profiles: [] }, /profile/],
  ['offsets that go back', { offsets: Int32Array.of(0, 3, 2) }, /order/],
  ['rows of nobody', { offsets: Int32Array.of(0, 1, 1) }, /each row/],
])('refuses %s, though its checksum is right', (_, absurd, reason) => {
  expect(() => decodeColumns(encodeColumns({ ...some, ...absurd }))).toThrow(reason);
});

it('tells documents apart by their checksums', () => {
  expect(digestIn(document)).toMatch(/^[0-9a-f]{64}$/);
  expect(digestIn(encodeColumns(some))).toBe(digestIn(document));
  expect(digestIn(encodeColumns({ ...some, partners: ['p', 'r'] }))).not.toBe(digestIn(document));
});
