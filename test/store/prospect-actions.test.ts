import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { approachedProspects, type Database, prospectStates, recordProspect } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { prospect } from '../helpers/recruiting-store.ts';
import { storeRows } from '../helpers/stored-events.ts';

const day = (text: string) => new Date(`${text}T12:00:00Z`);

describe.each(drivers.map((driver) => [driver.name, driver] as const))(
  'what is done with prospects in %s',
  (_, driver) => {
    let database: Database;

    beforeEach(async () => {
      database = await driver.open();
      await storeRows(database, 'prospects', [prospect('a', 'sap'), prospect('b', 'php'), prospect('c', 'sap')]);
    });
    afterEach(() => database.close());

    it('stands until it is taken back, as of any moment', async () => {
      const states = async (text: string) =>
        Array.from(await prospectStates(database, parseDay(text)), ([id, { action }]) => [id, action]);
      await recordProspect(database, 'a', 'approached', day('2024-02-01'));
      await recordProspect(database, 'b', 'archived', day('2024-02-02'));
      await recordProspect(database, 'b', 'reopened', day('2024-02-03'));
      await recordProspect(database, 'a', 'signed', day('2024-02-04'));
      expect(await states('2024-02-01')).toEqual([]);
      expect(await states('2024-02-03')).toEqual([
        ['a', 'approached'],
        ['b', 'archived'],
      ]);
      expect(await states('2024-02-05')).toEqual([['a', 'signed']]);
      const signed = (await prospectStates(database, parseDay('2024-02-05'))).get('a');
      expect(signed?.approachedAt).toBe(day('2024-02-01').getTime());
    });

    it('is of prospects there are, and the same twice is once', async () => {
      expect(await recordProspect(database, 'nobody', 'archived', day('2024-02-01'))).toBe(false);
      for (let time = 0; time < 2; time++) await recordProspect(database, 'a', 'archived', day(`2024-02-0${time + 1}`));
      await recordProspect(database, 'b', 'reopened', day('2024-02-01'));
      const rows = await database.query('select prospect_id, action, acted_at from prospect_action');
      expect(rows).toEqual([{ prospect_id: 'a', action: 'archived', acted_at: day('2024-02-01') }]);
    });

    it('tells whom to learn from: those approached by records or here, as they were then', async () => {
      await storeRows(database, 'prospects', [
        prospect('a', 'sap;java', { known_at: '2024-02-10', approached_at: '2024-02-10' }),
        prospect('a', 'sap;java;go', { known_at: '2024-04-01', approached_at: '2024-02-10', signed_partner_id: 'p' }),
      ]);
      await recordProspect(database, 'b', 'approached', day('2024-03-01'));
      await recordProspect(database, 'c', 'archived', day('2024-03-01'));
      const told = async (known: string, approached: string) =>
        (await approachedProspects(database, parseDay(known), parseDay(approached))).map(
          ({ prospect: { prospectId, technologies }, hasSigned }) => [prospectId, technologies, hasSigned],
        );
      expect(await told('2024-02-10', '2024-06-01')).toEqual([]);
      expect(await told('2024-03-15', '2024-06-01')).toEqual([
        ['a', 'sap;java', false],
        ['b', 'php', false],
      ]);
      // Signed since; but b was approached too lately to count.
      expect(await told('2024-05-01', '2024-02-20')).toEqual([['a', 'sap;java', true]]);
      await recordProspect(database, 'b', 'signed', day('2024-05-01'));
      expect((await told('2024-06-01', '2024-06-01')).map(([, , hasSigned]) => hasSigned)).toEqual([true, true]);
    });
  },
);
