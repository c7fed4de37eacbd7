import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { featureList } from '../../docs/feature-list.ts';
import { wordedViews } from '../../features/index.ts';

it('docs/FEATURES.md says what the definitions say', () => {
  const written = readFileSync(new URL('../../docs/FEATURES.md', import.meta.url), 'utf8');
  expect(written === featureList(wordedViews), 'docs/FEATURES.md is out of date: run "npm run docs"').toBe(true);
});
