import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packNumbers, unpackNumbers } from '../../models/packed-numbers.ts';

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8];
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(255));
const leaf = fc.oneof(number, fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.option(number)));
const key = fc.string().filter((name) => !['__proto__', 'constructor', 'prototype', '#'].includes(name));
const row = fc.record({ feature: fc.array(fc.nat()), value: number });
const plainData = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(row),
    fc.array(tie('tree')),
    fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
  ),
})).tree;

describe('numbers kept apart', () => {
  it.each<[string, unknown, unknown, number]>([
    ['a short list stays', [1, 2], [1, 2], 0],
    ['small whole numbers take a byte', EIGHT, { '#': ['u1', 8] }, 8],
    ['whole numbers take four', EIGHT.map((n) => -n), { '#': ['i4', 8] }, 32],
    ['others take eight', [0.5, ...EIGHT], { '#': ['f8', 9] }, 72],
    ['so does a zero that has a sign', [-0, ...EIGHT], { '#': ['f8', 9] }, 72],
    ['and what is null', [null, ...EIGHT], { '#': ['f8', 9] }, 72],
    [
      'short lists together',
      [
        [1, 2, 3],
        [4, 5],
        [6, 7, 8],
      ],
      { '#': ['lists', [3, 2, 3], { '#': ['u1', 8] }] },
      8,
    ],
    ['rows become columns', [{ a: 1 }, { a: 2 }, { a: 3 }], { '#': ['rows', 3, { a: [1, 2, 3] }] }, 0],
    ['rows of different keys do not', [{ a: 1 }, { b: 2 }, { a: 3 }], [{ a: 1 }, { b: 2 }, { a: 3 }], 0],
  ])('%s', (_, data, plain, bytes) => {
    const packed = packNumbers(data);
    expect(packed.plain).toEqual(plain);
    expect(packed.bytes).toHaveLength(bytes);
    expect(unpackNumbers(packed)).toEqual(data);
  });

  it('come back as they were, whatever the data, by way of JSON', () => {
    fc.assert(
      fc.property(plainData, (data) => {
        const { plain, bytes } = packNumbers(data);
        // Apart from lists of numbers, JSON keeps no sign of zero.
        const again = unpackNumbers({ plain: JSON.parse(JSON.stringify(plain)), bytes });
        expect(JSON.stringify(again)).toBe(JSON.stringify(data));
      }),
      { numRuns: 300 },
    );
  });

  it('are never made from other bytes, more or fewer', () => {
    const { plain, bytes } = packNumbers({ a: EIGHT, b: [0.5, ...EIGHT] });
    for (const length of [0, 1, bytes.length - 1]) {
      expect(() => unpackNumbers({ plain, bytes: bytes.subarray(0, length) })).toThrow(/asks for more than/);
    }
    expect(() => unpackNumbers({ plain, bytes: new Uint8Array([...bytes, 0]) })).toThrow(/asks for 80 of the 81/);
  });

  it('cannot be told from data that has a mark itself, which is refused', () => {
    expect(() => packNumbers({ a: [{ '#': 1 }] })).toThrow(/key "#" cannot be packed/);
  });

  it('what no packing makes is refused with a sentence, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.uint8Array({ maxLength: 20 }), (mark, bytes) => {
        try {
          unpackNumbers({ plain: { x: { '#': mark } }, bytes });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [['rows', 3, { a: [1, 2] }], /columns are not of 3 rows/],
    [['rows', 1e9, {}], /says nothing/],
    [['rows', 2, {}], /columns are not of 2 rows/],
    [['rows', 1, JSON.parse('{"__proto__": [1]}')], /columns are not of 1 rows/],
    [['lists', [1, 2], [1]], /as long as they are said/],
    [['lists', [-1, 2], [1]], /as long as they are said/],
    [['lists', [null], []], /as long as they are said/],
  ])('%j is refused', (mark, because) => {
    expect(() => unpackNumbers({ plain: { '#': mark }, bytes: new Uint8Array() })).toThrow(because);
  });
});
