import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

type Row = Record<string, string>;

const read = (directory: string, name: string): Row[] =>
  parse(readFileSync(join(directory, `${name}.csv`)), { columns: true });
/** Only what stands today: a CRM overwrites. */
const latest = (rows: Row[], id: string): Row[] => [...new Map(rows.map((row) => [row[id], row])).values()];
const write = (path: string, rows: readonly Row[]) =>
  writeFileSync(path, stringify([...rows], { header: true, quoted: true }));

/**
 * Two exports as Salesforce's Data Loader writes them, of a simulated program as it stands at its end: `Account.csv`,
 * of partners and customers, and `Opportunity.csv`. No history, no activities, a column of the vendor's here and there.
 * @param world a directory that `simulate` has filled
 */
export function writeSalesforceExports(world: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const partnerOf = new Map(read(world, 'deal_partners').map((row) => [row['deal_id'], row['partner_id']]));
  const partners = latest(read(world, 'partners'), 'partner_id').map((row) => account(row['partner_id'], row, true));
  const customers = latest(read(world, 'accounts'), 'account_id').map((row) => account(row['account_id'], row, false));
  write(join(directory, 'Account.csv'), [...partners, ...customers]);
  const deals = latest(read(world, 'deals'), 'deal_id').map((row) =>
    opportunity(row, partnerOf.get(row['deal_id']) ?? ''),
  );
  write(join(directory, 'Opportunity.csv'), deals);
}

function account(id: string, row: Row, isPartner: boolean): Row {
  return {
    Id: id,
    IsDeleted: 'false',
    Name: row['name'],
    Type: isPartner ? 'Channel Partner / Reseller' : 'Customer - Direct',
    BillingCountry: row['country'],
    Phone: '',
    Website: row['website'],
    Industry: row['industry'],
    NumberOfEmployees: row['employees'],
    OwnerId: row['owner'] ?? '',
    IsPartner: String(isPartner),
    ChannelProgramLevelName: row['tier'] ?? '',
  };
}

function opportunity(row: Row, partner: string): Row {
  const isClosed = row['closed_at'] !== '';
  const created = row['submitted_at'] || row['opened_at'];
  return {
    Id: row['deal_id'],
    IsDeleted: 'false',
    AccountId: row['account_id'],
    Name: `Deal ${row['deal_id']}`,
    StageName: isClosed ? (row['outcome'] === 'won' ? 'Closed Won' : 'Closed Lost') : 'Qualification',
    Amount: row['amount'] === '' ? '' : (Number(row['amount']) / 100).toFixed(2),
    CloseDate: isClosed ? row['closed_at'].slice(0, 10) : `${Number(created.slice(0, 4)) + 1}-12-31`,
    IsClosed: String(isClosed),
    IsWon: String(isClosed && row['outcome'] === 'won'),
    CurrencyIsoCode: row['currency'],
    CreatedDate: new Date(created).toISOString(),
    PartnerAccountId: partner,
  };
}
