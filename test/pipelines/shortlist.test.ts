import { expect, it } from 'vitest';
import { seeded } from '../../models/index.ts';
import { shortlist } from '../../pipelines/shortlist.ts';
import type { Prospect } from '../../store/index.ts';

const named = (prospectId: string): Prospect => ({ prospectId }) as Prospect;
const ids = (prospects: readonly Prospect[]) => prospects.map(({ prospectId }) => prospectId);

it('keeps the best of all pages, the best first and of equals who came first, and a sample of all', () => {
  const collected = shortlist(3, 4, seeded(1));
  const scores = [5, 9, 1, 9, 7, 2, 8, 3, 9, 4];
  for (const [i, score] of scores.entries()) collected.add([named(`p${i}`)], Float64Array.of(score));
  expect(ids(collected.best())).toEqual(['p1', 'p3', 'p8']);
  expect(new Set(ids(collected.sample())).size).toBe(4);
});

it('has nobody where nothing can rank, and a sample all the same', () => {
  const collected = shortlist(3, 4, seeded(1));
  collected.add([named('a'), named('b')], null);
  expect([ids(collected.best()), ids(collected.sample())]).toEqual([[], ['a', 'b']]);
});
