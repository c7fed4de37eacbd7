import { addMonths, DAY, formatDay, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { happens } from './chance.ts';
import type { Cell } from './files.ts';
import type { Month, Standing } from './life.ts';
import type { Traits } from './traits.ts';
import { dayOrNothing, stamp } from './world.ts';

type EndReason = 'partner' | 'vendor' | 'merged';

/** How an agreement ended and the day it did. */
export interface Ending {
  reason: EndReason;
  on: Instant;
}

const END_REASONS: Partial<Record<Standing, EndReason>> = {
  gone: 'partner',
  'ended-by-vendor': 'vendor',
  merged: 'merged',
};
/** Of those that leave, so many say so; the others just fall silent. */
export const SAYS_SO = 0.55;
/** When the agreement of one that is gone ends, after the beginning of its first month without business. */
export const ENDS_AFTER_DAYS = [10, 60] as const;
const NOTICE_DAYS = 60;

/** How a partner's agreement ended, if it did and somebody said so. */
export function drawEnding(life: readonly Month[], random: Random): Ending | null {
  const left = life.find(({ standing }) => END_REASONS[standing] !== undefined);
  const reason = left && END_REASONS[left.standing];
  if (!left || !reason || (reason === 'partner' && !happens(SAYS_SO, random))) return null;
  const [least, most] = ENDS_AFTER_DAYS;
  return { reason, on: left.start + Math.floor(least + (most - least) * random()) * DAY };
}

/** The rows of `agreements.csv` on record by `end`: each renewal, and the end if it was said. */
export function agreementRows(traits: Traits, ending: Ending | null, end: Instant): Cell[][] {
  const { signedOn } = traits;
  const row = (renewsOn: Instant, knownAt: Instant, ended: Ending | null) => [
    `G-${traits.id}`,
    traits.id,
    'Partner Program',
    formatDay(signedOn),
    formatDay(renewsOn),
    NOTICE_DAYS,
    dayOrNothing(ended?.on ?? null),
    ended?.reason ?? null,
    stamp(knownAt),
  ];
  const rows: Cell[][] = [];
  let years = 0;
  for (; addMonths(signedOn, 12 * years) < Math.min(end, ending?.on ?? end); years++) {
    rows.push(row(addMonths(signedOn, 12 * (years + 1)), addMonths(signedOn, 12 * years), null));
  }
  if (ending && ending.on + DAY < end) rows.push(row(addMonths(signedOn, 12 * years), ending.on + DAY, ending));
  return rows;
}
