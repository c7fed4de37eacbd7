import { classScoresRoutes } from './class-scores.ts';
import { featuresRoutes } from './features.ts';
import { healthRoutes } from './health.ts';
import { incidentsRoutes } from './incidents.ts';
import { ippRoute } from './ipp.ts';
import { modelsRoutes } from './models.ts';
import { nudgesRoute } from './nudges.ts';
import { partnersRoute } from './partners.ts';
import { prospectsRoute } from './prospects.ts';
import type { Route } from './route.ts';
import { scoresRoute } from './scores.ts';
import { whiteSpaceRoute } from './white-space.ts';

/** Every route of the API. */
export const routes: readonly Route[] = [
  scoresRoute,
  partnersRoute,
  modelsRoutes,
  classScoresRoutes,
  nudgesRoute,
  prospectsRoute,
  ippRoute,
  whiteSpaceRoute,
  featuresRoutes,
  healthRoutes,
  incidentsRoutes,
];
