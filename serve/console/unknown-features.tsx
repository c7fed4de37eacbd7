import { describedFeatures } from '../../features/index.ts';
import { classScoringModels, scoringModels } from '../../models/index.ts';

const WORDS = new Map(
  [...scoringModels, ...classScoringModels].flatMap(({ view }) =>
    describedFeatures(view).map(({ name, description }) => [name, description] as const),
  ),
);

/** What is not known of a partner, in the words of the features; nothing where all is known. */
export function UnknownFeatures({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <details>
      <summary>
        {names.length} {names.length === 1 ? 'thing is' : 'things are'} not known of this partner
      </summary>
      <ul>
        {names.map((name) => (
          <li key={name}>{WORDS.get(name) ?? name}</li>
        ))}
      </ul>
    </details>
  );
}
