import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

/** A value of a row; missing ones are empty. */
export type Cell = string | number | null;

/** The files of a world and their columns: DATA.md's names, and beside them what only tests may read. */
export const FILES = {
  'partners.csv':
    'partner_id,name,type,country,region,time_zone,industry,employees,technologies,capacity,website,parent_partner_id,owner,tier,signed_on,known_at',
  'partner_attributes.csv': 'partner_id,attribute,value,valid_from,known_at',
  'agreements.csv': 'agreement_id,partner_id,program,starts_on,renews_on,notice_days,ended_on,end_reason,known_at',
  'contacts.csv': 'contact_id,partner_id,role,email,time_zone,active_from,active_to,opted_out_at,known_at',
  'events.csv':
    'event_id,partner_id,kind,happened_at,known_at,contact_id,account_id,deal_id,product,value,currency,attributes',
  'deals.csv':
    'deal_id,account_id,submitted_at,decided_at,decision,reject_reason,amount,margin,currency,opened_at,stage,closed_at,outcome,product,known_at',
  'deal_partners.csv': 'deal_id,partner_id,role,known_at',
  'accounts.csv': 'account_id,name,website,country,industry,employees,parent_account_id,known_at',
  'subscriptions.csv': 'account_id,product,mrr,currency,starts_on,ends_on,sold_by_partner_id,known_at',
  'partner_accounts.csv': 'partner_id,account_name,website,country,relation,known_at',
  'costs.csv': 'cost_id,partner_id,kind,amount,currency,month,known_at',
  'prospects.csv':
    'prospect_id,name,website,country,industry,employees,technologies,source,approached_at,signed_partner_id,known_at',
  'market.csv': 'segment,region,companies,day,known_at',
  'fx_rates.csv': 'currency,day,rate,known_at',
  'truth/partners.csv': 'partner_id,cutoff,true_hazard_90',
  'truth/prospects.csv': 'prospect_id,true_fit,true_accept',
  'truth/incidents.csv': 'level,entity_id,metric,start,end,effect',
  'truth/nudges.csv': 'rule,true_effect',
  'truth/ipp.csv': 'trait,role,effect',
  'truth/training.csv': 'partner_id,trained_at,true_effect,true_extra_90d',
  'truth/roles.csv': 'role,true_effect',
  'truth/attribution.csv': 'deal_id,partner_id,role,true_effect,true_contribution_minor,currency',
  'truth/conflicts.csv': 'deal_id,with_deal_id,account_id,product,days_apart,overlaps',
  'truth/account_matches.csv': 'partner_id,account_name,account_id',
} as const;

export type FileName = keyof typeof FILES;

/** Rows for some of the files. */
export type Rows = Partial<Record<FileName, readonly (readonly Cell[])[]>>;

/** The files of a world, open for writing. */
export interface WorldFiles {
  /** Appends rows; waits when the disk is slower than we are, so that memory stays flat. */
  write(rows: Rows): Promise<void>;
  close(): Promise<void>;
  /** How many rows each file has so far, its header aside. */
  counts: Record<FileName, number>;
}

/** Opens every file of a world anew, with its header. */
export function openFiles(directory: string): WorldFiles {
  mkdirSync(join(directory, 'truth'), { recursive: true });
  const names = Object.keys(FILES) as FileName[];
  const streams = names.map((name) => {
    const stream = createWriteStream(join(directory, name), { highWaterMark: 1 << 16 });
    stream.write(`${FILES[name]}\n`);
    return stream;
  });
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<FileName, number>;
  return {
    counts,
    async write(rows) {
      for (const [i, name] of names.entries()) {
        const own = rows[name] ?? [];
        counts[name] += own.length;
        if (own.length > 0 && !streams[i].write(own.map(line).join(''))) await once(streams[i], 'drain');
      }
    },
    async close() {
      for (const stream of streams) stream.end();
      await Promise.all(streams.map((stream) => finished(stream)));
    },
  };
}

function line(row: readonly Cell[]): string {
  let text = '';
  for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + field(row[i]);
  return `${text}\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
