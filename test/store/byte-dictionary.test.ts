import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteDictionary } from '../../store/byte-dictionary.ts';

it('gives words codes in the order they are first met, whatever lies around them', () => {
  const bytes = Buffer.from('..ann.bob.ann.');
  const dictionary = new ByteDictionary();
  const codes = [2, 6, 10].map((from) => dictionary.code(bytes, from, 3));
  expect(codes).toEqual([0, 1, 0]);
  expect([0, 1, -1].map((code) => dictionary.word(code))).toEqual(['ann', 'bob', null]);
});

it('no word is −1, and the empty word is a word', () => {
  const dictionary = new ByteDictionary();
  expect([dictionary.code(Buffer.alloc(0), 0, -1), dictionary.codeOf(null)]).toEqual([-1, -1]);
  expect([dictionary.code(Buffer.alloc(0), 0, 0), dictionary.codeOf(''), dictionary.size]).toEqual([0, 0, 1]);
});

it('says of any words what a map of texts says, by their bytes and as text', () => {
  // Few letters, so that words repeat, and many words, so that slots and bytes run out.
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}'), maxLength: 7 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 600, size: 'max' }), (words) => {
      const dictionary = new ByteDictionary();
      const map = new Map<string, number>();
      for (const [i, each] of words.entries()) {
        if (!map.has(each)) map.set(each, map.size);
        const bytes = Buffer.from(each);
        const code = i % 3 === 0 ? dictionary.codeOf(each) : dictionary.code(bytes, 0, bytes.length);
        expect(code).toBe(map.get(each));
      }
      expect(Array.from(map.values(), (code) => dictionary.word(code))).toEqual([...map.keys()]);
    }),
    { numRuns: 50 },
  );
});
