import { expect, it } from 'vitest';
import { describedFeatures } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';

it.each(scoringModels.map((model) => [model.name, model] as const))(
  '%s says what to do about each topic',
  (_, model) => {
    const topics = new Set(describedFeatures(model.view).map(({ topic }) => topic));
    expect(Object.keys(model.actions).sort()).toEqual([...topics].sort());
  },
);
