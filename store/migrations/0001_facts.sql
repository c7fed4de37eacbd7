-- What partners are and do. Rows are versions and are never updated: a repeated key with new content is a new
-- version, known from its own known_at. Keys begin with partner_id, so that the tables can be distributed by it.

-- Every partner id that any input has named; one without a row in partner is a stub.
create table partner_key (
  partner_id text collate "C" primary key
);

create table partner (
  partner_id        text collate "C" not null,
  known_at          timestamptz not null,
  name              text not null,
  type              text,
  country           text,
  region            text,
  time_zone         text,
  industry          text,
  employees         bigint,
  technologies      text,
  capacity          double precision,
  website           text,
  parent_partner_id text,
  owner             text,
  tier              text,
  signed_on         date,
  source            text not null,
  content           uuid not null,
  load_id           bigint not null,
  primary key (partner_id, known_at)
);

create table agreement (
  partner_id   text collate "C" not null,
  agreement_id text collate "C" not null,
  known_at     timestamptz not null,
  program      text,
  starts_on    date not null,
  renews_on    date,
  notice_days  bigint,
  ended_on     date,
  end_reason   text check (end_reason in ('partner', 'vendor', 'merged', 'unknown')),
  source       text not null,
  content      uuid not null,
  load_id      bigint not null,
  primary key (partner_id, agreement_id, known_at)
);

create table event (
  partner_id  text collate "C" not null,
  event_id    text collate "C" not null,
  known_at    timestamptz not null,
  happened_at timestamptz not null,
  kind        text not null,
  contact_id  text,
  account_id  text,
  deal_id     text,
  product     text,
  -- Minor units where a currency is given, a plain number otherwise.
  value       double precision check (value <> 'NaN' and (currency is null or value = trunc(value))),
  currency    text,
  attributes  jsonb,
  source      text not null,
  content     uuid not null,
  load_id     bigint not null,
  primary key (partner_id, event_id, known_at)
);
create index event_by_time on event (partner_id, happened_at);

-- One row per file that was stored; read = stored + duplicate + quarantined.
create table load (
  load_id     bigint generated always as identity primary key,
  source      text not null,
  target      text not null,
  file        text not null,
  read        bigint not null,
  stored      bigint not null,
  duplicate   bigint not null,
  quarantined bigint not null,
  backfill    boolean not null,
  -- The latest known_at among its rows.
  watermark   timestamptz,
  loaded_at   timestamptz not null,
  check (read = stored + duplicate + quarantined)
);

create table quarantine (
  load_id bigint not null,
  file    text not null,
  line    bigint not null,
  "column" text,
  reason  text not null,
  raw     text not null
);
create index quarantine_by_load on quarantine (load_id, line);

-- By known_on, the earliest event of a kind that a load brought had happened at since.
create table event_tracking (
  load_id  bigint not null,
  kind     text not null,
  known_on timestamptz not null,
  since    timestamptz not null,
  events   bigint not null,
  primary key (load_id, kind, known_on)
);
