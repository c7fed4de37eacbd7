import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string()).min(1)]);

const allOf = z.record(z.string().min(1), z.union([texts, z.strictObject({ not: texts })]));

/** Their column: the text it must have, one of several, or `not` those. All columns of one set must fit. */
export const conditionsSchema = z.union([allOf, z.array(allOf).min(1)]);

/** Conditions on the columns of a source, by their names; of several sets, one must be fulfilled. */
export type Conditions = z.infer<typeof conditionsSchema>;

/** The columns that conditions are about. */
export function columnsOf(conditions: Conditions): string[] {
  return [conditions].flat().flatMap(Object.keys);
}

/**
 * Whether a row fulfils conditions. Texts are compared without blanks around them and without regard to case.
 * @param placeOf where a column of theirs is; −1 for one that is missing and counts as empty
 */
export function holds(
  conditions: Conditions,
  placeOf: (column: string) => number,
): (fields: readonly string[]) => boolean {
  const sets = [conditions]
    .flat()
    .map((set) => Object.entries(set).map(([column, each]) => test(placeOf(column), each)));
  return (fields) => sets.some((tests) => tests.every((test) => test(fields)));
}

function test(at: number, condition: z.infer<typeof allOf>[string]): (fields: readonly string[]) => boolean {
  const isNot = typeof condition === 'object' && !Array.isArray(condition);
  const words = new Set([isNot ? condition.not : condition].flat().map(comparable));
  return (fields) => words.has(at < 0 ? '' : comparable(fields[at])) !== isNot;
}

function comparable(text: string): string {
  return text.trim().toLowerCase();
}
