import type { DatedLifecycle } from '../../store/index.ts';
import { longDay } from './words.ts';

const STATES: Record<DatedLifecycle['state'], string> = {
  unknown: 'Not known',
  onboarding: 'Onboarding',
  active: 'Active',
  seasonal: 'Quiet season',
  dormant: 'Dormant',
  ended: 'Ended',
};

/** Where a partner stands, in words, with the evidence. */
export function LifecycleLine({ lifecycle }: { lifecycle: DatedLifecycle }) {
  const { state, because, seasonal, offPortal, asOf } = lifecycle;
  return (
    <p class="lifecycle">
      <strong>{STATES[state]}</strong>: {because}. {seasonal === true && 'It is quiet every year at the same time. '}
      {offPortal === true && 'It does business without the portal: silence there says nothing. '}
      <span class="about">as of {longDay(asOf)}</span>
    </p>
  );
}
