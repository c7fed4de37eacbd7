/** The tables that take inputs, as the store keeps them. */
export interface InputTable {
  /** The table. */
  table: 'partner' | 'agreement' | 'event';
  /** The column that names a row within its partner; null where the partner itself is the row. */
  id: string | null;
  /** The columns that make up a row's content, in the order rows are staged in, with their types. */
  columns: readonly (readonly [name: string, type: string])[];
}

/** Every input by the name users know it by. */
export const inputTables = {
  partners: {
    table: 'partner',
    id: null,
    columns: [
      ['name', 'text'],
      ['type', 'text'],
      ['country', 'text'],
      ['region', 'text'],
      ['time_zone', 'text'],
      ['industry', 'text'],
      ['employees', 'bigint'],
      ['technologies', 'text'],
      ['capacity', 'double precision'],
      ['website', 'text'],
      ['parent_partner_id', 'text'],
      ['owner', 'text'],
      ['tier', 'text'],
      ['signed_on', 'date'],
    ],
  },
  agreements: {
    table: 'agreement',
    id: 'agreement_id',
    columns: [
      ['program', 'text'],
      ['starts_on', 'date'],
      ['renews_on', 'date'],
      ['notice_days', 'bigint'],
      ['ended_on', 'date'],
      ['end_reason', 'text'],
    ],
  },
  events: {
    table: 'event',
    id: 'event_id',
    columns: [
      ['happened_at', 'timestamptz'],
      ['kind', 'text'],
      ['contact_id', 'text'],
      ['account_id', 'text'],
      ['deal_id', 'text'],
      ['product', 'text'],
      ['value', 'double precision'],
      ['currency', 'text'],
      ['attributes', 'jsonb'],
    ],
  },
} as const satisfies Record<string, InputTable>;

/** The name of an input. */
export type InputName = keyof typeof inputTables;
