-- What partnercast makes of the facts.

-- The run ledger: one row per pipeline, interval and part; the fence rises with every attempt, and only the holder
-- of the latest may finish it.
create table run (
  pipeline       text not null,
  interval_start timestamptz not null,
  interval_end   timestamptz not null,
  part           text not null default 'all',
  status         text not null check (status in ('running', 'done', 'failed')),
  attempt        bigint not null,
  fence          bigint not null,
  holder         text not null,
  lease_until    timestamptz not null,
  started_at     timestamptz not null,
  finished_at    timestamptz,
  rows           bigint,
  error          text,
  primary key (pipeline, interval_start, part)
);

create table model_version (
  model         text not null,
  version       text not null,
  trained_until timestamptz not null,
  -- JSON text as it was saved, to the byte; checksum is its SHA-256.
  parameters    text not null,
  checksum      text not null,
  card          jsonb not null,
  created_at    timestamptz not null,
  primary key (model, version)
);

-- One row per model and day for which a whole list of scores stands.
create table publication (
  model     text not null,
  as_of     timestamptz not null,
  version   text not null,
  watermark timestamptz not null,
  scored    bigint not null,
  published_at timestamptz not null,
  primary key (model, as_of)
);

create table score (
  entity_id    text collate "C" not null,
  model        text not null,
  version      text not null,
  as_of        timestamptz not null,
  horizon_days bigint not null,
  probability  double precision not null check (probability between 0 and 1),
  low          double precision not null check (low between 0 and 1),
  high         double precision not null check (high between 0 and 1),
  band         text not null check (band in ('high', 'medium', 'low')),
  -- On the list of those the team can call this week.
  listed       boolean not null,
  value_at_risk_minor bigint,
  currency     text,
  action       text not null,
  reasons      jsonb not null,
  missing      jsonb not null,
  evidence     jsonb not null,
  primary key (entity_id, model, as_of, version)
);
create index score_by_day on score (model, as_of, probability desc, entity_id);

create table nudge (
  nudge_id      text primary key,
  rule          text not null,
  entity_id     text not null,
  episode_start timestamptz not null,
  as_of         timestamptz not null,
  because       text not null,
  evidence      jsonb not null,
  decided_at    timestamptz not null,
  unique (rule, entity_id, episode_start)
);

create table assignment (
  nudge_id    text primary key references nudge,
  assignment  text not null check (assignment in ('send', 'hold-out')),
  probability double precision not null check (probability between 0 and 1)
);

-- The outbox: what is to reach whom. At least once; the receiver tells repeats by the nudge's id.
create table delivery (
  nudge_id     text not null references nudge,
  endpoint     text not null,
  payload      text not null,
  status       text not null check (status in ('pending', 'delivered', 'failed')),
  attempts     bigint not null default 0,
  next_attempt_at timestamptz not null,
  delivered_at timestamptz,
  last_error   text,
  primary key (nudge_id, endpoint)
);
create index delivery_pending on delivery (next_attempt_at) where status = 'pending';
