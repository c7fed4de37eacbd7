import { DAY } from '../../features/index.ts';
import { CONFLICT_WITHIN, type Deal } from './deals.ts';
import type { Cell } from './files.ts';

/** Two registrations of the same account and product by different partners. */
interface Conflict {
  first: Deal;
  second: Deal;
  days: number;
  /** Whether the first was still undecided or open when the second came. */
  overlaps: boolean;
}

/** All conflicts between new registrations and those of other partners, whichever came first. */
export function conflictsWith(deals: readonly Deal[], others: readonly Deal[]): Conflict[] {
  // Without a rival the account is one that no other partner knows.
  return deals
    .filter(({ rival }) => rival !== null)
    .flatMap((deal) =>
      others
        .filter(({ account, product }) => account.id === deal.account.id && product === deal.product)
        .map((other) => conflictBetween(deal, other)),
    )
    .filter(({ days, overlaps }) => overlaps || days <= CONFLICT_WITHIN / DAY);
}

function conflictBetween(one: Deal, other: Deal): Conflict {
  const [first, second] = (one.submittedAt ?? 0) < (other.submittedAt ?? 0) ? [one, other] : [other, one];
  const at = second.submittedAt ?? 0;
  const over = first.closedAt ?? first.decidedAt ?? 0;
  return { first, second, days: (at - (first.submittedAt ?? 0)) / DAY, overlaps: at < over };
}

/** A row of `truth/conflicts.csv`: the later registration, the earlier one, and the days between. */
export function conflictRow({ first, second, days, overlaps }: Conflict): Cell[] {
  return [second.id, first.id, first.account.id, first.product, days.toFixed(2), overlaps ? 1 : 0];
}
