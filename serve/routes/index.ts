import { classScoresRoutes } from './class-scores.ts';
import { featuresRoutes } from './features.ts';
import { healthRoutes } from './health.ts';
import { modelsRoutes } from './models.ts';
import { nudgesRoute } from './nudges.ts';
import { partnersRoute } from './partners.ts';
import type { Route } from './route.ts';
import { scoresRoute } from './scores.ts';

/** Every route of the API. */
export const routes: readonly Route[] = [
  scoresRoute,
  partnersRoute,
  modelsRoutes,
  classScoresRoutes,
  nudgesRoute,
  featuresRoutes,
  healthRoutes,
];
