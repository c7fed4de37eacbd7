import { describe, expect, it } from 'vitest';
import { planAll, planRanges } from '../../store/column-ranges.ts';

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => String(from + i).padStart(5, '0'));
const range = (first: string, partners: number) => ({ first, partners, digest: `of ${first}`, bytes: 0 });
const [one, two] = [range('00000', 1000), range('01000', 1000)];
const nobody = new Set<string>();
const lengths = (plans: ReturnType<typeof planRanges>) =>
  plans?.map(({ pieces }) => pieces?.map(({ length }) => length));

describe('ranges of partners', () => {
  it('hold about a thousand each', () => {
    expect(lengths(planAll(ids(0, 2_500)))).toEqual([[834, 834, 832]]);
    expect(lengths(planAll([]))).toEqual([[]]);
    expect(planRanges(ids(0, 5), [], nobody)).toEqual(planAll(ids(0, 5)));
  });

  it('stay as they are where nothing is new', () => {
    expect(planRanges(ids(0, 2000), [one, two], nobody)).toEqual([
      { held: one, pieces: null },
      { held: two, pieces: null },
    ]);
  });

  it('are made anew where a partner has new facts', () => {
    expect(planRanges(ids(0, 2000), [one, two], new Set(['01000']))).toEqual([
      { held: one, pieces: null },
      { held: two, pieces: [ids(1000, 2000)] },
    ]);
  });

  it('take new partners before, between and after', () => {
    const between = [...ids(0, 1000), '00999a', ...ids(1000, 2000)];
    expect(lengths(planRanges(between, [one, two], nobody))).toEqual([[1001], undefined]);
    expect(lengths(planRanges(['!', ...ids(0, 2000)], [one, two], nobody))).toEqual([[1001], undefined]);
    expect(lengths(planRanges(ids(0, 2001), [one, two], nobody))).toEqual([undefined, [1001]]);
  });

  it('are split when they have grown too long', () => {
    expect(lengths(planRanges(ids(0, 3000), [one, two], nobody))).toEqual([undefined, [2000]]);
    expect(lengths(planRanges(ids(0, 3001), [one, two], nobody))).toEqual([undefined, [667, 667, 667]]);
  });

  it('go by the order given, which is that of the bytes and not of JavaScript', () => {
    const [wide, astral] = ['\uffe6', '\u{1f600}'];
    expect(wide > astral).toBe(true);
    expect(planRanges([wide, astral], [range(wide, 1), range(astral, 1)], nobody)).not.toBeNull();
  });

  it('of other partners are of no use', () => {
    expect(planRanges(ids(0, 1000), [one, two], nobody)).toBeNull();
    expect(planRanges(ids(1000, 2000), [one, two], nobody)).toBeNull();
    expect(planRanges(ids(0, 2000), [two, one], nobody)).toBeNull();
  });
});
