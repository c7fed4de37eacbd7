import type { Instant } from '../features/index.ts';
import type { Database } from './database.ts';

/** What people do with a prospect; `reopened` takes the last back. */
export const prospectActions = ['approached', 'archived', 'signed', 'reopened'] as const;
export type ProspectAction = (typeof prospectActions)[number];

/** What was done last with a prospect that is not open any more, and when. */
export interface ProspectState {
  action: Exclude<ProspectAction, 'reopened'>;
  at: Instant;
  /** When it was approached, where it was. */
  approachedAt: Instant | null;
}

/**
 * Notes what was done with a prospect; what was done before stays on record. The same as stands already changes nothing.
 * @returns whether there is such a prospect
 */
export async function recordProspect(
  database: Database,
  prospectId: string,
  action: ProspectAction,
  now: Date,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const [known] = await transaction.query('select 1 from prospect where prospect_id = $1 limit 1', [prospectId]);
    if (!known) return false;
    await transaction.query(
      `insert into prospect_action (prospect_id, action, acted_at)
       select $1, $2, $3 where coalesce(
         (select action from prospect_action where prospect_id = $1 order by action_id desc limit 1), 'reopened') <> $2`,
      [prospectId, action, now],
    );
    return true;
  });
}

/** What stands of each prospect that something was done with before a moment; those reopened are left out. */
export async function prospectStates(database: Database, before: Instant): Promise<Map<string, ProspectState>> {
  const rows = await database.query<{ prospect_id: string; action: ProspectAction; acted_at: Date }>(
    'select prospect_id, action, acted_at from prospect_action where acted_at < $1 order by action_id',
    [new Date(before)],
  );
  const states = new Map<string, ProspectState>();
  for (const { prospect_id, action, acted_at } of rows) {
    const at = acted_at.getTime();
    if (action === 'reopened') states.delete(prospect_id);
    else {
      const approachedAt = action === 'approached' ? at : (states.get(prospect_id)?.approachedAt ?? null);
      states.set(prospect_id, { action, at, approachedAt });
    }
  }
  return states;
}
