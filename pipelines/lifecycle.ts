import { History, type Instant, type Lifecycle, lifecycleOf } from '../features/index.ts';
import { type Claim, keepLifecycles, requireClaim } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';

/**
 * Tells where every partner known by a day stands in its life, and keeps it.
 * @param claim when given, the states are kept only while the claim is held
 */
export async function tellLifecycles(
  context: Context,
  asOf: Instant,
  claim?: Claim,
): Promise<ReadonlyMap<string, Lifecycle>> {
  const { facts, program } = await programFacts(context);
  const states = new Map<string, Lifecycle>();
  for await (const columns of facts.ranges(asOf)) {
    const history = new History(columns, program);
    for (let partner = 0; partner < columns.partners.length; partner++) {
      history.moveTo(partner, asOf);
      if (history.isKnown) states.set(history.partnerId, lifecycleOf(history));
    }
  }
  await context.database.transaction(async (transaction) => {
    if (claim) await requireClaim(transaction, claim);
    await keepLifecycles(transaction, asOf, states);
  });
  return states;
}
