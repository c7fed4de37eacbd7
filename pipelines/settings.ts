import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { DEFAULT_QUALIFYING_KINDS } from '../features/index.ts';
import { YARDSTICKS } from '../models/index.ts';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** What a program declares; every key may stand in `partnercast.config.json`. */
export const settingsSchema = z.strictObject({
  qualifying_kinds: z
    .array(z.string().min(1))
    .min(1)
    .default([...DEFAULT_QUALIFYING_KINDS])
    .describe('kinds of events that count as doing business'),
  reporting_currency: z
    .string()
    .refine((code) => CURRENCIES.has(code), 'must be an ISO 4217 code such as EUR')
    .default('USD')
    .describe('currency in which money is shown'),
  team_capacity: z.int().min(1).max(10_000).default(12).describe('partners the team can call in a week'),
  prospects_per_week: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('prospects on the list of a week, one in ten to explore'),
  retrain_days: z.int().min(1).max(3650).default(30).describe('days after which a model is trained anew'),
  trajectory_against: z
    .enum(YARDSTICKS)
    .default('half-year-before')
    .describe('what a trajectory is held against: the half-year before, or the same season of the year before'),
  seed: z.int().default(1).describe('what all chance is drawn from'),
  threads: z
    .int()
    .min(1)
    .max(64)
    .default(Math.min(availableParallelism(), 8))
    .describe('threads that features are computed and trees are grown on'),
  daily_at_utc: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 05:00')
    .default('05:00')
    .describe('when the daily run starts, UTC'),
  nudge_quiet_days: z.int().min(1).max(3650).default(30).describe('days without a sign of life before a nudge'),
  nudge_hold_out: z.number().min(0).max(0.5).default(0.1).describe('share of partners not nudged, to show the effect'),
  nudge_send: z.boolean().default(false).describe('whether scheduled runs send nudges; else they are only listed'),
  incident_alert_budget: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('new incidents that are shown in a week at most'),
  incident_false_share: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.1)
    .describe('share of false alarms that is borne among what is found in a week'),
  webhook_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('where nudges are sent'),
  webhook_allow_private: z
    .boolean()
    .default(false)
    .describe('whether the webhook may lie on this machine or in a private network'),
});

/** The declared settings, all of them set. */
export type Settings = z.infer<typeof settingsSchema>;
