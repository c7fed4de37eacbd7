/** The tables that take inputs, as the store keeps them. */
export interface InputTable {
  /** The table. */
  table: string;
  /** Whether its key begins with the partner; other tables are the same on every node of a cluster. */
  ofPartner: boolean;
  /** The column that names a row, within its partner where it has one; null where the partner itself is the row. */
  id: string | null;
  /** The columns that make up a row's content, in the order rows are staged in, with their types. */
  columns: readonly (readonly [name: string, type: string])[];
}

const text = (name: string) => [name, 'text'] as const;
const whole = (name: string) => [name, 'bigint'] as const;
const number = (name: string) => [name, 'double precision'] as const;
const day = (name: string) => [name, 'date'] as const;
const instant = (name: string) => [name, 'timestamptz'] as const;

/** Every input by the name users know it by. */
export const inputTables = {
  partners: {
    table: 'partner',
    ofPartner: true,
    id: null,
    columns: [
      text('name'),
      text('type'),
      text('country'),
      text('region'),
      text('time_zone'),
      text('industry'),
      whole('employees'),
      text('technologies'),
      number('capacity'),
      text('website'),
      text('parent_partner_id'),
      text('owner'),
      text('tier'),
      day('signed_on'),
    ],
  },
  partner_attributes: {
    table: 'partner_attribute',
    ofPartner: true,
    id: 'attribute_id',
    columns: [text('attribute'), text('value'), instant('valid_from')],
  },
  agreements: {
    table: 'agreement',
    ofPartner: true,
    id: 'agreement_id',
    columns: [
      text('program'),
      day('starts_on'),
      day('renews_on'),
      whole('notice_days'),
      day('ended_on'),
      text('end_reason'),
    ],
  },
  contacts: {
    table: 'contact',
    ofPartner: true,
    id: 'contact_id',
    columns: [
      text('role'),
      text('email'),
      text('time_zone'),
      day('active_from'),
      day('active_to'),
      instant('opted_out_at'),
    ],
  },
  accounts: {
    table: 'account',
    ofPartner: false,
    id: 'account_id',
    columns: [
      text('name'),
      text('website'),
      text('country'),
      text('industry'),
      whole('employees'),
      text('parent_account_id'),
    ],
  },
  partner_accounts: {
    table: 'partner_account',
    ofPartner: true,
    id: 'partner_account_id',
    columns: [text('account_name'), text('website'), text('country'), text('relation')],
  },
  deals: {
    table: 'deal',
    ofPartner: false,
    id: 'deal_id',
    columns: [
      text('account_id'),
      instant('submitted_at'),
      instant('decided_at'),
      text('decision'),
      text('reject_reason'),
      number('amount'),
      number('margin'),
      text('currency'),
      instant('opened_at'),
      text('stage'),
      instant('closed_at'),
      text('outcome'),
      text('product'),
    ],
  },
  deal_partners: {
    table: 'deal_partner',
    ofPartner: true,
    id: 'deal_partner_id',
    columns: [text('deal_id'), text('role')],
  },
  events: {
    table: 'event',
    ofPartner: true,
    id: 'event_id',
    columns: [
      instant('happened_at'),
      text('kind'),
      text('contact_id'),
      text('account_id'),
      text('deal_id'),
      text('product'),
      number('value'),
      text('currency'),
      ['attributes', 'jsonb'],
    ],
  },
  subscriptions: {
    table: 'subscription',
    ofPartner: false,
    id: 'subscription_id',
    columns: [
      text('account_id'),
      text('product'),
      number('mrr'),
      text('currency'),
      day('starts_on'),
      day('ends_on'),
      text('sold_by_partner_id'),
    ],
  },
  costs: {
    table: 'cost',
    ofPartner: false,
    id: 'cost_id',
    columns: [text('partner_id'), text('kind'), number('amount'), text('currency'), day('month')],
  },
  prospects: {
    table: 'prospect',
    ofPartner: false,
    id: 'prospect_id',
    columns: [
      text('name'),
      text('website'),
      text('country'),
      text('industry'),
      whole('employees'),
      text('technologies'),
      text('found_by'),
      instant('approached_at'),
      text('signed_partner_id'),
    ],
  },
  market: {
    table: 'market',
    ofPartner: false,
    id: 'market_id',
    columns: [text('segment'), text('region'), whole('companies'), day('day')],
  },
  fx_rates: {
    table: 'fx_rate',
    ofPartner: false,
    id: 'fx_rate_id',
    columns: [text('currency'), day('day'), number('rate')],
  },
} as const satisfies Record<string, InputTable>;

/** The name of an input. */
export type InputName = keyof typeof inputTables;
