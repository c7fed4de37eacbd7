-- The long lists of numbers of a version; its parameters name their SHA-256. Null: saved before they were kept apart.
alter table model_version add column numbers bytea;

-- Which version is in use: what was decided, never changed. A day is scored with what was in use on it.
create table promotion (
  promotion_id bigint generated always as identity primary key,
  model        text not null,
  version      text not null,
  -- From which day on it scores.
  in_use_from  timestamptz not null,
  kind         text not null check (kind in ('promoted', 'rolled back')),
  decided_by   text not null,
  why          text not null,
  decided_at   timestamptz not null
);
create index promotion_by_model on promotion (model, in_use_from, promotion_id);
insert into promotion (model, version, in_use_from, kind, decided_by, why, decided_at)
select model, version, trained_until, 'promoted', 'training', 'registered before promotions were kept', created_at
from model_version order by trained_until, created_at, version desc;

-- What the inputs of a list were like beside those its version had learnt from.
create table watch (
  model   text not null,
  as_of   timestamptz not null,
  version text not null,
  drift   jsonb not null,
  primary key (model, as_of)
);

-- How a published list did, once its time was over.
create table scoreboard (
  model       text not null,
  as_of       timestamptz not null,
  version     text not null,
  result      jsonb not null,
  -- When it could be told: up to then what happened is read.
  known_until timestamptz not null,
  primary key (model, as_of)
);
