import { expect, it } from 'vitest';
import { chooseTraits } from '../../../models/recruiting/choose-traits.ts';

/** Partners with and without two traits, so many of each sort top: `[a, b, partners, top]`. */
function program(sorts: readonly (readonly [a: 0 | 1, b: 0 | 1, partners: number, top: number])[]) {
  const rows = sorts.flatMap(([a, b, partners, top]) =>
    Array.from({ length: partners }, (_, i) => [a, b, Number(i < top)]),
  );
  const trait = (name: string, place: number) => ({
    trait: name,
    feature: name,
    test: { at: 'is', value: 1 } as const,
    says: name,
    held: Uint8Array.from(rows, (row) => row[place]),
  });
  return { top: rows.map((row) => row[2] === 1), traits: [trait('a', 0), trait('b', 1)] };
}

function chosenOf(counts: ReturnType<typeof program>): string[] {
  const { chosen } = chooseTraits(counts, new Float64Array(counts.top.length).fill(1), 0.1);
  return chosen.map(({ place }) => counts.traits[place].trait);
}

it('a weaker trait that says nearly as much beside a stronger one is chosen too', () => {
  // Who has b is somewhat likelier to have a: a says a little less once b is known (38 % to 62 % and 20 % to 40 %).
  expect(
    chosenOf(
      program([
        [1, 1, 60, 37],
        [1, 0, 50, 19],
        [0, 1, 50, 20],
        [0, 0, 60, 12],
      ]),
    ),
  ).toEqual(['b', 'a']);
});

it('a trait that says nothing once a stronger one is known is not chosen', () => {
  expect(
    chosenOf(
      program([
        [1, 1, 90, 54],
        [1, 0, 20, 12],
        [0, 1, 20, 4],
        [0, 0, 90, 18],
      ]),
    ),
  ).toEqual(['a']);
});
