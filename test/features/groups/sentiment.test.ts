import { expect, it } from 'vitest';
import { many, usual, value } from '../../helpers/one-partner.ts';

const answered = (score: number | null, days: number) => many(1, days, { kind: 'survey.answered', value: score });
const sent = (count: number, days: number) => many(count, days, { kind: 'survey.sent' });

it('survey_score is that of the latest survey with one, beside the mean of a year', () => {
  const events = [...answered(9.5, 366), ...answered(6, 365), ...answered(8.5, 10), ...answered(null, 5)];
  expect(value('survey_score', events)).toBe(8.5);
  expect(usual('survey_score', events)).toBe(7.25);
  expect(value('survey_score_change', events)).toBe(1.25);
});

it('a score is unknown where none was given, or none in a year to hold it against', () => {
  for (const name of ['survey_score', 'survey_score_change']) {
    expect(value(name, [])).toBeNull();
    expect(value(name, answered(null, 5))).toBeNull();
  }
  expect([value('survey_score', answered(9, 366)), value('survey_score_change', answered(9, 366))]).toEqual([9, null]);
  expect(value('survey_score_change', answered(9, 5), { trackedDays: 364 })).toBeNull();
});

it('survey_answered_share_365d: answers over surveys sent, at most all', () => {
  const share = (...events: ReturnType<typeof many>[]) => value('survey_answered_share_365d', events.flat());
  expect(share(answered(8, 1), sent(2, 365), sent(5, 366))).toBe(0.5);
  expect(share(answered(8, 1), answered(8, 2), sent(1, 5))).toBe(1);
  expect(share(sent(1, 5))).toBe(0);
  expect(share(answered(8, 1))).toBeNull();
  expect(value('survey_answered_share_365d', answered(8, 1), { untracked: ['survey.sent'] })).toBeNull();
});
