import { describe, expect, it } from 'vitest';
import { addMonths, cutoffsBetween, DAY, formatDay, parseDay, startOfDay } from '../../features/index.ts';

describe('time', () => {
  it('reads and writes days as UTC midnights', () => {
    expect(parseDay('1970-01-02')).toBe(DAY);
    expect(formatDay(parseDay('2024-02-29'))).toBe('2024-02-29');
  });

  it.each(['2023-02-29', '2023-13-01', '2023-1-1', '01.02.2023', '', 'yesterday'])(
    'refuses %j and says what a date looks like',
    (text) => {
      expect(() => parseDay(text)).toThrow(/yyyy-MM-dd/);
    },
  );

  it('adds months, a missing day becoming the last of its month', () => {
    expect(formatDay(addMonths(parseDay('2024-01-31'), 1))).toBe('2024-02-29');
    expect(formatDay(addMonths(parseDay('2024-03-31'), -13))).toBe('2023-02-28');
  });

  it('lists cutoffs with both ends', () => {
    expect(cutoffsBetween(parseDay('2024-01-31'), parseDay('2024-04-30'), 'month').map(formatDay)).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
    ]);
    expect(cutoffsBetween(parseDay('2024-01-01'), parseDay('2024-07-01'), 'quarter').map(formatDay)).toEqual([
      '2024-01-01',
      '2024-04-01',
      '2024-07-01',
    ]);
    expect(cutoffsBetween(parseDay('2024-01-01'), parseDay('2024-01-14'), 'week')).toHaveLength(2);
  });

  it('finds the midnight before', () => {
    const noon = parseDay('2024-05-05') + DAY / 2;
    expect(formatDay(startOfDay(noon))).toBe('2024-05-05');
  });
});
