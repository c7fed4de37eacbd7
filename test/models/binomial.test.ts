import { describe, expect, it } from 'vitest';
import { exactInterval } from '../helpers/binomial.ts';

describe('the exact interval of a share', () => {
  it('of 1 in 2 leaves a quarter on either side between 1 − √¾ and √¾', () => {
    const { low, high } = exactInterval(1, 2, 0.5);
    expect(low).toBeCloseTo(1 - Math.sqrt(0.75), 12);
    expect(high).toBeCloseTo(Math.sqrt(0.75), 12);
  });

  it('of none and of all has one side', () => {
    const most = 1 - 0.005 ** 0.1;
    expect(exactInterval(0, 10, 0.99)).toEqual({ low: 0, high: expect.closeTo(most, 12) });
    expect(exactInterval(10, 10, 0.99)).toEqual({ low: expect.closeTo(1 - most, 12), high: 1 });
  });

  it('is that of the tables', () => {
    const { low, high } = exactInterval(8, 10, 0.95);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.4439', '0.9748']);
    const many = exactInterval(180, 200, 0.99);
    expect([many.low.toFixed(4), many.high.toFixed(4)]).toEqual(['0.8330', '0.9471']);
  });
});
