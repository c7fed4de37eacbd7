import type { ClassSet } from './classes.ts';
import { type Judgement, supplyOf } from './sufficiency.ts';

/** As of two outcomes (see sufficiency.ts), asked of every class. */
const FOR_A_RULE = { partners: 10, rows: 50, months: 3 };
const FOR_A_MODEL = { partners: 30, rows: 150, months: 6 };

/** Says what a set of classes supports and what is missing for more; the claims of two outcomes are not made of it. */
export function judgeClassSupply(set: ClassSet): Judgement {
  const forRule = lacks(set, FOR_A_RULE);
  if (forRule.length > 0) return { verdict: 'nothing', missing: forRule, claims: [] };
  const forModel = lacks(set, FOR_A_MODEL);
  return { verdict: forModel.length > 0 ? 'rule' : 'model', missing: forModel, claims: [] };
}

function lacks(set: ClassSet, wanted: typeof FOR_A_RULE): string[] {
  const { rows, months } = supplyOf(set);
  const partners = set.classes.map(
    (_, k) => new Set(set.table.entities.filter((_, row) => set.outcomes[row] === k)).size,
  );
  return [
    rows < wanted.rows && `${rows} partner-months at risk, ${wanted.rows} are needed`,
    ...set.classes.map(
      (name, k) =>
        partners[k] < wanted.partners &&
        `${partners[k]} partners with the outcome "${name}", ${wanted.partners} are needed`,
    ),
    months < wanted.months && `${months} months of cutoffs with a known outcome, ${wanted.months} are needed`,
  ].filter((clause) => clause !== false);
}
