import type { ScoringModel } from '../../models/index.ts';
import type { PartnerScore } from '../../store/index.ts';
import { ReasonsTable } from './reasons-table.tsx';
import { Band } from './risks.tsx';

const TITLES: Record<string, { title: string; past: string }> = {
  activation: { title: 'Will it sell?', past: 'Activation so far' },
  'new-partner-potential': { title: 'Will it be one of the best of its age?', past: 'Potential so far' },
};

/** The heading of what past lists said. */
export function pastTitle({ name }: ScoringModel): string {
  return TITLES[name]?.past ?? `${name} so far`;
}

/** A score of which high is good: what it says of the partner, why, and what to do. */
export function PromiseDetail({ model, score }: { model: ScoringModel; score: PartnerScore }) {
  const id = `promise-${model.name}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{TITLES[model.name]?.title ?? model.name}</h2>
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
