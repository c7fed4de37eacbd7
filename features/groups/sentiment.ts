import type { Feature } from '../feature.ts';
import { counted, recent, shareOf } from '../measures.ts';

const cases = { topic: 'support', group: 'support.opened', words: 'Support cases opened' } as const;
const meetings = { topic: 'meetings', group: 'meetings', words: 'Meetings and demos', clears: 'a meeting' } as const;
const ANSWERED = 'survey.answered';

/** How a partner and the vendor get on: cases, surveys, meetings. */
export const sentiment: readonly Feature[] = [
  counted('support_cases', 90, cases),
  counted('support_cases', 365, cases),
  counted('meetings', 90, meetings),
  counted('meetings', 365, meetings),
  recent('meeting', meetings),
  {
    name: 'survey_score',
    unit: 'score',
    topic: 'satisfaction',
    description: 'The score of the latest survey it answered, in the scale of the survey.',
    reason: {
      high: ({ value, usual, peers }) => `Its last survey score: ${value} (own mean ${usual}, peers ${peers})`,
      low: ({ value, usual, peers }) => `Its last survey score: ${value} (own mean ${usual}, peers ${peers})`,
    },
    clears: 'a better survey score',
    compute: (history) => history.latestValue(ANSWERED),
    usual: (history) => history.mean(ANSWERED, 365),
  },
  {
    name: 'survey_score_change',
    unit: 'score',
    topic: 'satisfaction',
    description: 'The score of the latest survey less the mean of those of the last 365 days.',
    reason: {
      high: ({ value, peers }) => `Its last survey score is ${value} above its mean (peers ${peers})`,
      low: ({ value, peers }) => `Its last survey score against its mean: ${value} (peers ${peers})`,
    },
    clears: 'a better survey score',
    compute(history) {
      const [latest, mean] = [history.latestValue(ANSWERED), history.mean(ANSWERED, 365)];
      return latest === null || mean === null ? null : latest - mean;
    },
  },
  {
    name: 'survey_answered_share_365d',
    unit: 'share',
    topic: 'satisfaction',
    description: 'Surveys answered over surveys sent, in the last 365 days; at most 1.',
    reason: {
      high: ({ value, peers }) => `Answers ${value} of its surveys (peers ${peers})`,
      low: ({ value, peers }) => `Answers only ${value} of its surveys (peers ${peers})`,
    },
    compute(history) {
      const share = shareOf(history.count(ANSWERED, 365), history.count('survey.sent', 365));
      return share === null ? null : Math.min(1, share);
    },
  },
];
