import { expect, it } from 'vitest';
import { DAY, prospectView, traitsInUse } from '../../features/index.ts';
import { approachedCompanies } from '../../pipelines/approached.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { LOOKED_AT, prospect } from '../helpers/recruiting-store.ts';
import { storeRows } from '../helpers/stored-events.ts';

it('learns from those approached long enough ago to have answered, whatever the others did since', async () => {
  const database = await openDatabase();
  const approached = (id: string, days: number, signed_partner_id = '') =>
    prospect(id, 'sap', { approached_at: new Date(LOOKED_AT - days * DAY).toISOString(), signed_partner_id });
  const view = prospectView(traitsInUse().words());
  const found = () => approachedCompanies(contextOn(database, LOOKED_AT), view, LOOKED_AT);
  await storeRows(database, 'prospects', [
    approached('new', 119),
    approached('quick', 119, 'p1'),
    prospect('never', ''),
  ]);
  expect(await found()).toBeNull();
  await storeRows(database, 'prospects', [approached('no', 121), approached('yes', 122, 'p2')]);
  const told = await found();
  const answers = told?.table.entities.map((id, row) => [id, told.signed[row], told.table.cutoffs[row]]);
  expect(answers?.sort()).toEqual([
    ['no', 0, LOOKED_AT - 121 * DAY],
    ['yes', 1, LOOKED_AT - 122 * DAY],
  ]);
});
