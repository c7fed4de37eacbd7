// Writes what is made from the code: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { wordedViews } from '../features/index.ts';
import { featureList } from './feature-list.ts';

writeFileSync(new URL('FEATURES.md', import.meta.url), featureList(wordedViews));
