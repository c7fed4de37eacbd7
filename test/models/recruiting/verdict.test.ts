import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../models/bootstrap.ts';
import type { JudgedRanking } from '../../../models/recruiting/judge.ts';
import { judgeLikeness } from '../../../models/recruiting/verdict.ts';

const COUNTS = { rows: 1000, positives: 90, k: 100 };
const LIFT = measured(2, 1.5, 2.5);

function measured(value: number, low: number, high: number): Measured {
  return { value, low, high };
}

function ranking(name: string, auc: Measured, behind: Measured): JudgedRanking {
  return { name, auc, average_precision: auc, lift_at_k: LIFT, recall_at_k: LIFT, behind };
}

/** A champion of some AUC beside cosine, which is behind it by some average precision. */
function judged(auc: Measured, behind: Measured) {
  const contenders = [ranking('profile', auc, measured(0, 0, 0))];
  return judgeLikeness({ contenders, rivals: [ranking('cosine', auc, behind)] }, 'profile', COUNTS);
}

describe('the verdict on a ranking', () => {
  it.each([
    [
      'none',
      measured(0.6, 0.5, 0.7),
      /^It cannot be predicted from this: profile does no better than chance \(AUC 0\.60/,
    ],
    ['weak', measured(0.64, 0.51, 0.7), /^It is hardly predictable from this: .*AUC 0\.64 \(95 % 0\.51–0\.70\)/],
    ['weak', measured(0.66, 0.59, 0.73), /^It is hardly predictable from this: .*AUC 0\.66 \(95 % 0\.59–0\.73\)/],
    [
      'usable',
      measured(0.65, 0.6, 0.7),
      /^It is predictable from this, best by profile: AUC 0\.65 \(95 % 0\.60–0\.70\)/,
    ],
  ] as const)('is %s by its interval and its size, and tells both', (verdict, auc, says) => {
    expect(judged(auc, measured(0.1, 0.05, 0.15))).toEqual({ verdict, says: expect.stringMatching(says) });
  });

  it('says whether a rule that needs no model may do as well', () => {
    const auc = measured(0.7, 0.65, 0.75);
    expect(judged(auc, measured(0.1, 0.01, 0.2)).says).toMatch(
      /It finds more than cosine, the best of those that need no/,
    );
    expect(judged(auc, measured(0.1, 0, 0.2)).says).toMatch(
      /A simple rule, cosine, may do as well, and needs no model\.$/,
    );
  });
});
