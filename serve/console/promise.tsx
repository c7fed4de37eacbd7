import type { ScoringModel } from '../../models/index.ts';
import type { PartnerScore } from '../../store/index.ts';
import { ReasonsTable } from './reasons-table.tsx';
import { Band } from './risks.tsx';

const TITLES: Record<string, string> = {
  activation: 'Will it sell?',
  'new-partner-potential': 'Will it be one of the best of its age?',
};

/** A score of which high is good: what it says of the partner, why, and what to do. */
export function PromiseDetail({ model, score }: { model: ScoringModel; score: PartnerScore }) {
  const id = `promise-${model.name}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{TITLES[model.name] ?? model.name}</h2>
      <p class="spread promise">
        <Band score={score} />
      </p>
      <p>
        <strong>Next:</strong> {score.action} <span class="about">playbook, unproven</span>
      </p>
      <ReasonsTable score={score} />
      <p class="about">The question: {model.question} High is good.</p>
    </section>
  );
}
