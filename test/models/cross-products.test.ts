import { describe, expect, it } from 'vitest';
import { columnSums, crossProducts } from '../../models/cross-products.ts';
import { seeded } from '../../models/index.ts';

const COLUMNS = [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)];
const WEIGHTS = Float64Array.of(1, 0, -2);

describe('weighted sums over rows', () => {
  it('of columns, and of ones', () => {
    expect([...columnSums(COLUMNS, WEIGHTS)]).toEqual([1 - 6, 4 - 12, -1]);
  });

  it('of the products of every two columns, ones the last of them', () => {
    expect([...crossProducts(COLUMNS, WEIGHTS)]).toEqual([1 - 18, 4 - 36, 1 - 6, 0, 16 - 72, 4 - 12, 0, 0, -1]);
  });

  it('over more rows than one block, and more columns than four at once', () => {
    const random = seeded(3);
    const draw = () => Float64Array.from({ length: 2500 }, () => random() - 0.5);
    const columns = [draw(), draw(), draw(), draw(), draw(), draw()];
    const weights = draw();
    const products = crossProducts(columns, weights);
    const withOnes = [...columns, new Float64Array(2500).fill(1)];
    for (let j = 0; j < 7; j++) {
      for (let k = j; k < 7; k++) {
        const sum = weights.reduce((total, weight, i) => total + weight * withOnes[j][i] * withOnes[k][i], 0);
        expect(products[j * 7 + k], `${j} × ${k}`).toBeCloseTo(sum, 9);
      }
    }
  });
});
