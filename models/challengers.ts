import { difference, type Measured, type Replicated } from './bootstrap.ts';

/** How an estimator does beside the champion: its figure minus the champion's, on the same draws of partners. */
export interface Challenger {
  name: string;
  /** Above 0 the champion is better. */
  logLoss: Measured;
  /** Below 0 the champion is better. */
  auc: Measured;
  /** By log loss, which the champion is chosen by; `unclear` where the interval holds 0. */
  verdict: 'worse' | 'unclear' | 'better';
}

/** What the competition is judged by. */
export interface Rival {
  name: string;
  logLoss: Replicated;
  auc: Replicated;
}

/** Every estimator but the champion beside it, in the order they came. */
export function challengers(rivals: readonly Rival[], champion: string): Challenger[] {
  const best = rivals.find(({ name }) => name === champion);
  if (!best) throw new RangeError(`no estimator "${champion}" has been judged`);
  return rivals
    .filter((each) => each !== best)
    .map(({ name, logLoss, auc }) => {
      const byLogLoss = difference(logLoss, best.logLoss);
      return { name, logLoss: byLogLoss, auc: difference(auc, best.auc), verdict: verdictOf(byLogLoss) };
    });
}

function verdictOf({ low, high }: Measured): Challenger['verdict'] {
  if (low > 0) return 'worse';
  return high < 0 ? 'better' : 'unclear';
}
