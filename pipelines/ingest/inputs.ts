import type { InputName } from '../../store/index.ts';
import { count, currency, id, json, kind, number, oneOf, type Parse, positive, text } from './fields.ts';

/** What a column takes; `instant`, `day` and `month` are read in the mapping's date format. */
export type ColumnType = Parse<string | number> | 'instant' | 'day' | 'month';

/** A column of an input, as DATA.md's vocabulary names it. */
export interface InputColumn {
  name: string;
  type: ColumnType;
  required?: boolean;
  /** How the store calls it, where that differs. */
  stored?: string;
}

/** A table that can be read. */
export interface Input {
  name: InputName;
  /** Whether each row belongs to a partner. */
  ofPartner: boolean;
  /** Names the row, within its partner where it has one; null where the partner itself is the row. */
  id: string | null;
  /**
   * Where the id comes from: the file must have it, rows without are named by their content, or it is put together
   * from columns.
   */
  naming: 'required' | 'by content' | readonly string[];
  /** Those the store keeps, in its order; `partner_id`, the id and `known_at` stand apart. */
  columns: readonly InputColumn[];
  /**
   * The columns that say when the fact came true, the latest counts, a month when it is over; a row without any counts
   * as known from now.
   */
  happened: readonly string[];
  /** Whether a fact dated after now must be a mistake. */
  past: boolean;
  /** Amounts, in the row's currency. */
  money: readonly string[];
}

const TYPES = ['reseller', 'referral', 'msp', 'si', 'isv', 'var', 'influence', 'distributor', 'other'];
const END_REASONS = ['partner', 'vendor', 'merged', 'unknown'];
const DECISIONS = ['approved', 'rejected', 'withdrawn', 'expired'];
const OUTCOMES = ['open', 'won', 'lost'];
const ROLES = ['sourced', 'influenced', 'resold', 'referred', 'delivered'];
const RELATIONS = ['customer', 'prospect', 'opportunity'];
const COSTS = ['mdf', 'incentive', 'enablement', 'headcount', 'tools'];

const partners: Input = {
  name: 'partners',
  ofPartner: true,
  id: null,
  naming: [],
  columns: [
    { name: 'name', type: text, required: true },
    { name: 'type', type: oneOf(TYPES) },
    { name: 'country', type: text },
    { name: 'region', type: text },
    { name: 'time_zone', type: text },
    { name: 'industry', type: text },
    { name: 'employees', type: count },
    { name: 'technologies', type: text },
    { name: 'capacity', type: number },
    { name: 'website', type: text },
    { name: 'parent_partner_id', type: id },
    { name: 'owner', type: text },
    { name: 'tier', type: text },
    { name: 'signed_on', type: 'day' },
  ],
  happened: ['signed_on'],
  past: false,
  money: [],
};

const agreements: Input = {
  name: 'agreements',
  ofPartner: true,
  id: 'agreement_id',
  naming: 'required',
  columns: [
    { name: 'program', type: text },
    { name: 'starts_on', type: 'day', required: true },
    { name: 'renews_on', type: 'day' },
    { name: 'notice_days', type: count },
    { name: 'ended_on', type: 'day' },
    { name: 'end_reason', type: oneOf(END_REASONS) },
  ],
  // A snapshot shows the end and the next renewal as they are today: known since the end, or else only from now.
  happened: ['ended_on'],
  past: false,
  money: [],
};

const events: Input = {
  name: 'events',
  ofPartner: true,
  id: 'event_id',
  naming: 'by content',
  columns: [
    { name: 'happened_at', type: 'instant', required: true },
    { name: 'kind', type: kind, required: true },
    { name: 'contact_id', type: id },
    { name: 'account_id', type: id },
    { name: 'deal_id', type: id },
    { name: 'product', type: text },
    { name: 'value', type: number },
    { name: 'currency', type: currency },
    { name: 'attributes', type: json },
  ],
  happened: ['happened_at'],
  past: true,
  money: ['value'],
};

const attributes: Input = {
  name: 'partner_attributes',
  ofPartner: true,
  id: 'attribute_id',
  naming: ['attribute', 'valid_from'],
  columns: [
    { name: 'attribute', type: id, required: true },
    { name: 'value', type: text, required: true },
    { name: 'valid_from', type: 'instant', required: true },
  ],
  happened: ['valid_from'],
  past: false,
  money: [],
};

const contacts: Input = {
  name: 'contacts',
  ofPartner: true,
  id: 'contact_id',
  naming: 'required',
  columns: [
    { name: 'role', type: text },
    { name: 'email', type: text },
    { name: 'time_zone', type: text },
    { name: 'active_from', type: 'day' },
    { name: 'active_to', type: 'day' },
    { name: 'opted_out_at', type: 'instant' },
  ],
  happened: ['active_from', 'active_to', 'opted_out_at'],
  past: false,
  money: [],
};

const accounts: Input = {
  name: 'accounts',
  ofPartner: false,
  id: 'account_id',
  naming: 'required',
  columns: [
    { name: 'name', type: text, required: true },
    { name: 'website', type: text },
    { name: 'country', type: text },
    { name: 'industry', type: text },
    { name: 'employees', type: count },
    { name: 'parent_account_id', type: id },
  ],
  happened: [],
  past: false,
  money: [],
};

const partnerAccounts: Input = {
  name: 'partner_accounts',
  ofPartner: true,
  id: 'partner_account_id',
  naming: ['account_name', 'website', 'country'],
  columns: [
    { name: 'account_name', type: id, required: true },
    { name: 'website', type: id },
    { name: 'country', type: id },
    { name: 'relation', type: oneOf(RELATIONS) },
  ],
  happened: [],
  past: false,
  money: [],
};

const deals: Input = {
  name: 'deals',
  ofPartner: false,
  id: 'deal_id',
  naming: 'required',
  columns: [
    { name: 'account_id', type: id },
    { name: 'submitted_at', type: 'instant' },
    { name: 'decided_at', type: 'instant' },
    { name: 'decision', type: oneOf(DECISIONS) },
    { name: 'reject_reason', type: text },
    { name: 'amount', type: number },
    { name: 'margin', type: number },
    { name: 'currency', type: currency },
    { name: 'opened_at', type: 'instant' },
    { name: 'stage', type: text },
    { name: 'closed_at', type: 'instant' },
    { name: 'outcome', type: oneOf(OUTCOMES) },
    { name: 'product', type: text },
  ],
  happened: ['submitted_at', 'decided_at', 'opened_at', 'closed_at'],
  past: true,
  money: ['amount', 'margin'],
};

const dealPartners: Input = {
  name: 'deal_partners',
  ofPartner: true,
  id: 'deal_partner_id',
  naming: ['deal_id', 'role'],
  columns: [
    { name: 'deal_id', type: id, required: true },
    { name: 'role', type: oneOf(ROLES), required: true },
  ],
  happened: [],
  past: false,
  money: [],
};

const subscriptions: Input = {
  name: 'subscriptions',
  ofPartner: false,
  id: 'subscription_id',
  naming: ['account_id', 'product', 'starts_on'],
  columns: [
    { name: 'account_id', type: id, required: true },
    { name: 'product', type: id, required: true },
    { name: 'mrr', type: number, required: true },
    { name: 'currency', type: currency },
    { name: 'starts_on', type: 'day', required: true },
    { name: 'ends_on', type: 'day' },
    { name: 'sold_by_partner_id', type: id },
  ],
  happened: ['starts_on', 'ends_on'],
  past: false,
  money: ['mrr'],
};

const costs: Input = {
  name: 'costs',
  ofPartner: false,
  id: 'cost_id',
  naming: 'required',
  columns: [
    { name: 'partner_id', type: id },
    { name: 'kind', type: oneOf(COSTS) },
    { name: 'amount', type: number, required: true },
    { name: 'currency', type: currency },
    { name: 'month', type: 'month', required: true },
  ],
  happened: ['month'],
  past: false,
  money: ['amount'],
};

const prospects: Input = {
  name: 'prospects',
  ofPartner: false,
  id: 'prospect_id',
  naming: 'required',
  columns: [
    { name: 'name', type: text, required: true },
    { name: 'website', type: text },
    { name: 'country', type: text },
    { name: 'industry', type: text },
    { name: 'employees', type: count },
    { name: 'technologies', type: text },
    { name: 'source', type: text, stored: 'found_by' },
    { name: 'approached_at', type: 'instant' },
    { name: 'signed_partner_id', type: id },
  ],
  happened: [],
  past: false,
  money: [],
};

const market: Input = {
  name: 'market',
  ofPartner: false,
  id: 'market_id',
  naming: ['segment', 'region', 'day'],
  columns: [
    { name: 'segment', type: id, required: true },
    { name: 'region', type: id, required: true },
    { name: 'companies', type: count, required: true },
    { name: 'day', type: 'day', required: true },
  ],
  happened: ['day'],
  past: false,
  money: [],
};

const fxRates: Input = {
  name: 'fx_rates',
  ofPartner: false,
  id: 'fx_rate_id',
  naming: ['currency', 'day'],
  columns: [
    { name: 'currency', type: currency, required: true },
    { name: 'day', type: 'day', required: true },
    { name: 'rate', type: positive, required: true },
  ],
  happened: ['day'],
  past: true,
  money: [],
};

/** Every input that can be read, those that others refer to first. */
export const inputs: readonly Input[] = [
  partners,
  attributes,
  agreements,
  contacts,
  accounts,
  partnerAccounts,
  fxRates,
  deals,
  dealPartners,
  events,
  subscriptions,
  costs,
  prospects,
  market,
];

/** All names a mapping may give to columns of an input. */
export function columnNames(input: Input): string[] {
  return [
    ...(input.ofPartner ? ['partner_id'] : []),
    ...(input.id === null || typeof input.naming === 'object' ? [] : [input.id]),
    'known_at',
    ...input.columns.map(({ name }) => name),
  ];
}
