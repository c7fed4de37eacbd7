-- How the probability of a score goes on before and after its horizon: at so many days, with its interval. Null where
-- the label is no matter of waiting, and in scores of before this was kept.
alter table score add column survival_days double precision[];
alter table score add column survival double precision[] check (0 <= all (survival) and 1 >= all (survival));
alter table score add column survival_low double precision[]
  check (0 <= all (survival_low) and 1 >= all (survival_low));
alter table score add column survival_high double precision[]
  check (0 <= all (survival_high) and 1 >= all (survival_high));

-- Where each partner stood in its life on a day that was scored, with the evidence.
create table lifecycle (
  entity_id  text collate "C" not null,
  as_of      timestamptz not null,
  state      text not null check (state in ('unknown', 'onboarding', 'active', 'seasonal', 'dormant', 'ended')),
  -- Who ended it; null where it goes on.
  ended_by   text check (ended_by in ('partner', 'vendor', 'merged', 'unknown')),
  -- Known to be quiet every year at the same time; null where the records are too short to tell.
  seasonal   boolean,
  -- Does business without the portal; null where the portal is not tracked, or there is too little business to tell.
  off_portal boolean,
  because    text not null,
  primary key (entity_id, as_of)
);
