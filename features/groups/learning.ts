import type { Feature } from '../feature.ts';

/** Training and certification, where they are tracked. */
export const learning: readonly Feature[] = [90, 365].map((days) => ({
  name: `learning_events_${days}d`,
  unit: 'events',
  topic: 'learning',
  description: `Trainings started or completed and certifications earned in the last ${days} days.`,
  reason: {
    high: ({ number, peers }) => `Trainings and certificates: ${number} in ${days} days (peers ${peers})`,
    low: ({ number, peers }) => `Trainings and certificates: ${number} in ${days} days (peers ${peers})`,
  },
  clears: 'a training taken up',
  compute: (history) => history.count('learning', days),
}));
