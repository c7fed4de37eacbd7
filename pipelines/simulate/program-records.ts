import { traitRows } from './companies.ts';
import { toolCostRows } from './costs.ts';
import { roleRows } from './deal-records.ts';
import { rateRows } from './exchange-rates.ts';
import type { Rows } from './files.ts';
import { incidentRow } from './incidents.ts';
import { marketRows } from './market.ts';
import type { World } from './world.ts';

/** What a nudge adds to the chance of a sign of life in the two weeks after, by rule: for tests that play partners. */
const NUDGE_EFFECTS = [['re-engagement', 0.12]] as const;

/** The rows of what no single partner brings about. */
export function programRows(world: World): Rows {
  return {
    'costs.csv': toolCostRows(world),
    'market.csv': marketRows(world),
    'fx_rates.csv': rateRows(world),
    'truth/incidents.csv': world.incidents.map(incidentRow),
    'truth/nudges.csv': NUDGE_EFFECTS,
    'truth/ipp.csv': traitRows(),
    'truth/roles.csv': roleRows(),
  };
}
