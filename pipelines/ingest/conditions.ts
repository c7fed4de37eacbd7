import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string()).min(1)]);

/** Their column: the text it must have, one of several, or `not` those. All columns must fit. */
export const conditionsSchema = z.record(z.string().min(1), z.union([texts, z.strictObject({ not: texts })]));

/** Conditions on the columns of a source, by their names. */
export type Conditions = z.infer<typeof conditionsSchema>;

/**
 * Whether a row fulfils conditions. Texts are compared without blanks around them and without regard to case.
 * @param placeOf where a column of theirs is; −1 for one that is missing and counts as empty
 */
export function holds(
  conditions: Conditions,
  placeOf: (column: string) => number,
): (fields: readonly string[]) => boolean {
  const tests = Object.entries(conditions).map(([column, condition]) => {
    const isNot = typeof condition === 'object' && !Array.isArray(condition);
    const words = new Set([isNot ? condition.not : condition].flat().map(comparable));
    const at = placeOf(column);
    return (fields: readonly string[]) => words.has(at < 0 ? '' : comparable(fields[at])) !== isNot;
  });
  return (fields) => tests.every((test) => test(fields));
}

function comparable(text: string): string {
  return text.trim().toLowerCase();
}
