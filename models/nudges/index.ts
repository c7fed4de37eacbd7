import { incident } from './incident.ts';
import { reEngagement } from './re-engagement.ts';
import type { NudgeRule } from './rule.ts';

/** Every rule. */
export const nudgeRules: readonly NudgeRule[] = [reEngagement, incident];
