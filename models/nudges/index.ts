import { incident } from './incident.ts';
import { programIncident } from './program-incident.ts';
import { prospectReady } from './prospect-ready.ts';
import { reEngagement } from './re-engagement.ts';
import type { IncidentRule, NudgeRule, ProspectRule } from './rule.ts';

/** Every rule about partners. */
export const nudgeRules: readonly NudgeRule[] = [reEngagement, incident];

/** Every rule about prospects. */
export const prospectRules: readonly ProspectRule[] = [prospectReady];

/** Every rule about incidents above single partners. */
export const incidentRules: readonly IncidentRule[] = [programIncident];
