import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderRows } from '../../store/row-order.ts';

it('orders each partner by itself: by when it happened, then by when it was known, else as it was', () => {
  const happened = Float64Array.of(3, 1, 3, 3, /**/ 2, 0);
  const known = Float64Array.of(4, 9, 4, 3, /**/ 2, 5);
  expect([...orderRows(Int32Array.of(0, 4, 4, 6), happened, known)]).toEqual([1, 3, 0, 2, 5, 4]);
});

it('orders any rows as a stable sort does', () => {
  const row = fc.record({ happened: fc.integer({ min: 0, max: 9 }), known: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 40 }), { maxLength: 4 }), (partners) => {
      const rows = partners.flat();
      const offsets = [0];
      for (const each of partners) offsets.push(offsets[offsets.length - 1] + each.length);
      const places = partners.flatMap((each, p) =>
        each
          .map((_, i) => offsets[p] + i)
          .sort((a, b) => rows[a].happened - rows[b].happened || rows[a].known - rows[b].known),
      );
      const column = (name: 'happened' | 'known') => Float64Array.from(rows, (each) => each[name]);
      expect([...orderRows(Int32Array.from(offsets), column('happened'), column('known'))]).toEqual(places);
    }),
  );
});
