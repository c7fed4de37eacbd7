import { expect, it } from 'vitest';
import { tellTraining, verdictOnTest } from '../../models/verdicts.ts';

const LATER = { gapDays: 0, horizonDays: 90 };
const OTHERS = { ...LATER, foldsOfPartners: true };
const clear = { value: 0.05, low: 0.01, high: 0.09 };
const unclear = { ...clear, low: 0 };

it.each([
  [tellTraining('a', 'b', clear, LATER), 'a foretold the later half of the training time better than b.'],
  [tellTraining('a', 'b', clear, OTHERS), 'a foretold partners that it had not learnt from better than b.'],
  [tellTraining('a', 'b', unclear, OTHERS), /^A rule is as good: a did not clearly beat b on partners that it/],
  [
    tellTraining('b', 'b', unclear, LATER),
    /^A rule is as good: nothing with reasons foretold the later half .* than b\.$/,
  ],
  [tellTraining('b', 'b', null, LATER), 'There was too little past to tell by: b is published as the simplest.'],
])('a card says: %s', (told, expected) => {
  expect(told).toMatch(expected);
});

it('a test is won only where the whole interval is above 0', () => {
  expect(verdictOnTest('a', 'b', clear, 'AUC .8 against .7')).toEqual({
    better: 'model',
    rule: 'b',
    gain: clear,
    text: 'a is better than b: log loss lower by 0.050 (95 % 0.010 to 0.090), AUC .8 against .7.',
  });
  expect(verdictOnTest('a', 'b', unclear)).toMatchObject({
    better: 'rule',
    text: 'A rule is as good: a is not clearly better than b (log loss lower by 0.050 (95 % 0.000 to 0.090)).',
  });
  expect(verdictOnTest('b', 'b', clear).text).toBe('b won the training time itself: a rule is as good.');
});
