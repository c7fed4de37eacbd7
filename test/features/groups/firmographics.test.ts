import { describe, expect, it } from 'vitest';
import type { AttributeVersion } from '../../../features/index.ts';
import { daysBefore, value } from '../../helpers/one-partner.ts';

/** An attribute that took a value so many days ago, known then unless said otherwise. */
function since(attribute: string, days: number, text: string | null, known = days): AttributeVersion {
  return { attribute, value: text, validFrom: daysBefore(days), knownAt: daysBefore(known) };
}

describe.each(['employees', 'capacity'])('%s', (name) => {
  const of = (...attributes: AttributeVersion[]) => value(name, [], { attributes });

  it('is the number known last', () => {
    expect(of(since(name, 900, '40'), since(name, 30, ' 2.5 '))).toBe(2.5);
    expect(of(since(name, 900, '40'), since(name, 30, '55', 0))).toBe(40);
    expect(of(since(name, 30, '40'), since(name, 900, '55', 1))).toBe(40);
    expect(of(since(name, 30, '40'), since(name, 30, '55', 1))).toBe(55);
    expect(of(since(name, 30, '40'), since(name, 30, '55'))).toBe(55);
    expect(of(since(name, 30, '0'))).toBe(0);
  });

  it('is unknown where there is none, or no number, or it was taken back', () => {
    expect(of()).toBeNull();
    for (const text of ['some', '', ' ', null]) expect(of(since(name, 900, '40'), since(name, 30, text))).toBeNull();
  });
});

it('technologies are counted once each', () => {
  const of = (...attributes: AttributeVersion[]) => value('technologies', [], { attributes });
  expect(of(since('technologies', 9, 'SAP; Oracle;sap;'))).toBe(2);
  expect(of(since('technologies', 9, ''))).toBe(0);
  expect(of()).toBeNull();
});

describe.each([
  ['owner_changes_365d', 'owner'],
  ['tier_changes_365d', 'tier'],
])('%s', (name, attribute) => {
  const of = (...versions: [days: number, text: string | null, known?: number][]) =>
    value(name, [], { attributes: versions.map(([days, text, known]) => since(attribute, days, text, known)) });

  it('counts other values, not the same once more', () => {
    expect(of([900, 'ann'])).toBe(0);
    expect(of([900, 'ann'], [365, 'bob'])).toBe(1);
    expect(of([900, 'ann'], [366, 'bob'])).toBe(0);
    expect(of([900, 'ann'], [100, 'bob'], [50, 'bob'], [20, 'ann'])).toBe(2);
    expect(of([900, 'ann'], [20, 'bob', 0])).toBe(0);
    expect(of([900, 'ann'], [20, 'bob'], [20, 'ann', 1])).toBe(0);
    // While it has none there is no other; when there is one again, it is not known to be another.
    expect(of([900, 'ann'], [100, null], [50, 'bob'])).toBe(1);
  });

  it('is unknown where it is unknown what it was a year ago', () => {
    expect(of()).toBeNull();
    expect(of([365, 'ann'], [20, 'bob'])).toBeNull();
    expect(of([900, 'ann'], [800, null], [20, 'bob'])).toBeNull();
  });
});
