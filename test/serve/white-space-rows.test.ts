import { expect, it } from 'vitest';
import { whiteSpaceCsv } from '../../serve/white-space-rows.ts';

it('defuses segments that a spreadsheet would run', () => {
  const shares = { marketShare: 1, partners: 0, capacity: 0, coverageShare: 0, whiteSpace: null, room: null };
  const cells = [{ segment: '=cmd()', region: 'north', companies: 9, ...shares }];
  const counts = { companies: 9, partners: 0, capacity: 0, suppressed: 1, unplaced: 0, outside: 0, capacityUnknown: 0 };
  const [header, row] = whiteSpaceCsv({ cells, ...counts }).split('\n');
  expect(header).toMatch(/^segment,region,companies,market_share,/);
  expect(row).toMatch(/^'=cmd\(\),north,9,1,/);
});
