import type { InputName } from '../../store/index.ts';
import { count, currency, id, json, kind, number, oneOf, type Parse, text } from './fields.ts';

/** What a column takes; `instant` and `day` are read in the mapping's date format. */
export type ColumnType = Parse<string | number> | 'instant' | 'day';

/** A column of an input, as DATA.md's vocabulary names it. */
export interface InputColumn {
  name: string;
  type: ColumnType;
  required?: boolean;
}

/** A table that can be read. */
export interface Input {
  name: InputName;
  /** Names the row within its partner; null where the partner itself is the row. */
  id: string | null;
  /** Rows without an id are named by their content, where that is allowed. */
  idRequired: boolean;
  /** Those the store keeps, in its order; `partner_id`, the id and `known_at` stand apart. */
  columns: readonly InputColumn[];
  /** The column that says when the fact came true; a row where it is empty counts as known from now. */
  happened: string;
  /** Whether a fact dated after now must be a mistake. */
  past: boolean;
}

const TYPES = ['reseller', 'referral', 'msp', 'si', 'isv', 'var', 'influence', 'distributor', 'other'];
const END_REASONS = ['partner', 'vendor', 'merged', 'unknown'];

const partners: Input = {
  name: 'partners',
  id: null,
  idRequired: false,
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
  happened: 'signed_on',
  past: false,
};

const agreements: Input = {
  name: 'agreements',
  id: 'agreement_id',
  idRequired: true,
  columns: [
    { name: 'program', type: text },
    { name: 'starts_on', type: 'day', required: true },
    { name: 'renews_on', type: 'day' },
    { name: 'notice_days', type: count },
    { name: 'ended_on', type: 'day' },
    { name: 'end_reason', type: oneOf(END_REASONS) },
  ],
  // A snapshot shows the end and the next renewal as they are today: known since the end, or else only from now.
  happened: 'ended_on',
  past: false,
};

const events: Input = {
  name: 'events',
  id: 'event_id',
  idRequired: false,
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
  happened: 'happened_at',
  past: true,
};

/** Every input that can be read. */
export const inputs: readonly Input[] = [partners, agreements, events];

/** All names a mapping may give to columns of an input. */
export function columnNames(input: Input): string[] {
  return ['partner_id', ...(input.id === null ? [] : [input.id]), 'known_at', ...input.columns.map(({ name }) => name)];
}
