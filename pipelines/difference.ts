import { isDeepStrictEqual } from 'node:util';

/** A stored value and the derived one where they differ, as a sentence; null where they do not. */
export function differenceIn(name: string, whose: string, stored: unknown, derived: unknown): string | null {
  // The store keeps no sign of zero and nothing that JSON does not.
  const [before, now] = [stored, derived].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  if (isDeepStrictEqual(before, now)) return null;
  return `${name} of ${whose} is stored as ${JSON.stringify(before)}, and is ${JSON.stringify(now)} when derived again.`;
}
