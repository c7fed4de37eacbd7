import type { PartnerScore } from '../../store/index.ts';
import { UnknownFeatures } from './unknown-features.tsx';

/** Log-odds of ×1.05. */
const WORTH_TELLING = Math.log(1.05);

/** The reasons of a score, the weightiest first. */
export function ReasonsTable({ score }: { score: PartnerScore }) {
  return (
    <>
      <table class="why">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Effect
            </th>
            <th scope="col">Clears with</th>
          </tr>
        </thead>
        <tbody>
          {score.reasons
            .filter(({ log_odds }) => Math.abs(log_odds) >= WORTH_TELLING)
            .map((reason) => (
              <tr key={reason.topic} class={reason.plain ? '' : 'quiet'}>
                <td>{reason.text}</td>
                <td class="number">
                  {reason.log_odds > 0 ? '▲ raises' : '▼ lowers'} the odds ×
                  {Math.exp(Math.abs(reason.log_odds)).toFixed(1)}
                </td>
                <td>{reason.clears ?? '–'}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p class="about">
        Reasons are associations in past behaviour, not causes; effects below ×1.05 are left out, and the grey ones hold
        only together with others.
      </p>
      <UnknownFeatures names={score.missing} />
    </>
  );
}
