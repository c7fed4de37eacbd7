import { expect, it } from 'vitest';
import { drawRows } from '../../../models/estimators/neural-hazard/draw-rows.ts';
import { seeded } from '../../../models/index.ts';
import { someSet } from '../../helpers/sets.ts';

const SET = someSet(20, 5, 1);

it('of too many rows, all those of drawn partners are learnt from, as many as there is room for', () => {
  const drawn = drawRows(SET, 52, seeded(1));
  expect(drawn.outcomes).toHaveLength(50);
  const partners = new Set(drawn.table.entities);
  expect(partners.size).toBe(10);
  expect(drawn.table.entities).toEqual(SET.table.entities.filter((entity) => partners.has(entity)));
  expect(new Set(drawRows(SET, 52, seeded(2)).table.entities)).not.toEqual(partners);
  expect(drawRows(SET, 52, seeded(1))).toEqual(drawn);
});

it('a set that is small enough is left as it is', () => {
  const chance = () => {
    throw new Error('no chance is taken');
  };
  expect(drawRows(SET, 100, chance)).toBe(SET);
  expect(() => drawRows(SET, 99, chance)).toThrow('no chance');
});
