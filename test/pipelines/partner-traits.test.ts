import { beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { partnerTraits, tellFirstOnRecord } from '../../pipelines/partner-traits.ts';
import type { Database } from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { storeRows } from '../helpers/stored-events.ts';

const AS_OF = parseDay('2024-07-01');
const EARLY = { known_at: '2022-01-01' };

describe('the partners that a profile is learnt from', () => {
  let database: Database;
  const found = async () => partnerTraits(contextOn(database, AS_OF), AS_OF);

  beforeEach(async () => {
    database = await openDatabase();
    const partner = (partner_id: string, others: Record<string, string>) => ({
      partner_id,
      name: partner_id,
      country: 'DE',
      ...EARLY,
      ...others,
    });
    await storeRows(database, 'partners', [
      partner('there', { signed_on: '2022-01-01' }),
      partner('gone', { signed_on: '2022-01-01' }),
      partner('by-contract', {}),
      partner('never', {}),
      partner('agreed', {}),
      partner('to-come', { signed_on: '2024-07-01' }),
      partner('recorded-late', { signed_on: '2022-01-01', known_at: '2023-01-01', employees: '40' }),
    ]);
    const agreement = (partner_id: string, ended_on = '', starts_on = '2022-06-01') => ({
      agreement_id: partner_id,
      partner_id,
      starts_on,
      ended_on,
      known_at: ended_on === '' ? '2022-06-01' : ended_on,
    });
    await storeRows(database, 'agreements', [
      agreement('by-contract'),
      agreement('agreed', '', '2024-09-01'),
      agreement('gone', '2024-01-01'),
    ]);
    await storeRows(database, 'events', [
      { partner_id: 'there', event_id: 'e', kind: 'deal.registered', happened_at: '2022-02-01', ...EARLY },
    ]);
  });

  it('are those that have signed by the day; those like whom a prospect may be are still there', async () => {
    const { partners, current } = await found();
    const { entities, cutoffs } = partners.whenSigned;
    expect([...entities].sort()).toEqual(['by-contract', 'gone', 'recorded-late', 'there']);
    expect(cutoffs[entities.indexOf('by-contract')]).toBe(parseDay('2022-06-01'));
    expect(current.map((row) => entities[row]).sort()).toEqual(['by-contract', 'recorded-late', 'there']);
  });

  it('have brought what they won; deals that show no amount are not worth nothing', async () => {
    const deal = (partner_id: string, amount: string) => ({ deal_id: partner_id, partner_id, amount });
    const deals = [deal('there', '1000'), deal('gone', '')];
    const told = { submitted_at: '2023-01-01', closed_at: '2023-02-01', outcome: 'won', currency: 'USD' };
    const known = { known_at: '2023-02-02' };
    await storeRows(
      database,
      'deals',
      deals.map(({ deal_id, amount }) => ({ deal_id, amount, ...told, ...known })),
    );
    await storeRows(
      database,
      'deal_partners',
      deals.map(({ deal_id, partner_id }) => ({ deal_id, partner_id, role: 'sourced', ...known })),
    );
    expect((await found()).partners.says).toMatch(/of 3 partners signed .* 1 brought anything/);
  });

  it('count as first on record where that was after they signed, and it is told', async () => {
    const traits = await found();
    const { whenSigned } = traits.partners;
    const employees = whenSigned.columns[whenSigned.names.indexOf('employees')];
    expect(employees[whenSigned.entities.indexOf('recorded-late')]).not.toBeNaN();
    expect(employees[whenSigned.entities.indexOf('there')]).toBeNaN();
    expect(traits.firstOnRecord).toBe(1);
    expect(tellFirstOnRecord(traits, AS_OF)).toMatch(/^Of 4 partners as of 2024-07-01, 1 were first on record after/);
  });
});
