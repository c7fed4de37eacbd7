import { describe, expect, it } from 'vitest';
import { type Promotion, versionsInUse, wasRolledBack } from '../../models/index.ts';

/** Decisions as `A1`: version A is promoted for day 1; `-A3`: rolled back to A on day 3. */
function history(...decisions: string[]): Promotion[] {
  return decisions.map((decision) => {
    const [, back, version, day] = /^(-?)([A-Z])(\d+)$/.exec(decision) as string[] as [string, string, string, string];
    const kind = back ? 'rolled back' : 'promoted';
    return { version, inUseFrom: Number(day), kind, decidedBy: 'a test', why: '', decidedAt: Number(day) };
  });
}

describe('which version is in use', () => {
  it.each([
    [[], 9, ''],
    [['A1', 'B2'], 0, ''],
    [['A1', 'B2'], 1, 'A'],
    [['A1', 'B2'], 2, 'BA'],
    [['A1', 'B2', '-A3'], 2, 'BA'],
    [['A1', 'B2', '-A3'], 3, 'A'],
    [['A1', 'B2', 'C3', '-A4'], 9, 'A'],
    [['A1', 'B2', '-A3', 'C4'], 9, 'CA'],
    [['A1', 'B2', 'A3'], 9, 'ABA'],
    [['A1', 'A2'], 9, 'A'],
    // What it was to go back to is not known any more: it is in use all the same.
    [['B2', '-A3'], 9, 'A'],
  ])('%j as of day %d: %s', (decisions, day, expected) => {
    expect(versionsInUse(history(...decisions), day).join('')).toBe(expected);
  });

  it.each([
    [['A1', 'B2'], 'B', false],
    [['A1', 'B2', '-A3'], 'B', true],
    [['A1', 'B2', '-A3'], 'A', false],
    // Never in use, so that nobody went back from it.
    [['A1', 'B2', '-A3'], 'C', false],
    [['A1', 'B2', '-A3', 'B4'], 'B', false],
    [['A1', 'B2', '-A3', 'C4'], 'B', true],
  ])('%j: %s was rolled back: %s', (decisions, version, expected) => {
    expect(wasRolledBack(history(...decisions), version)).toBe(expected);
  });
});
