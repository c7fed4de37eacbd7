-- Whom to sign next: what top partners are like, who of the prospects is like them, and what became of it.

-- Versions of the Ideal Partner Profile, learnt or written by hand; none is ever changed.
create table ideal_profile (
  version     text primary key,
  source      text not null check (source in ('learnt', 'edited')),
  learnt_until timestamptz not null,
  profile     jsonb not null,
  -- How one written by hand did beside the learnt one when it came.
  contest     jsonb,
  created_at  timestamptz not null
);

-- One row per day for which a list of prospects stands.
create table prospect_list (
  as_of        timestamptz primary key,
  profile      text not null,
  says         text not null,
  -- How the rest was left out: already a partner, an account, approached …
  counts       jsonb not null,
  card         jsonb not null,
  published_at timestamptz not null
);

create table listed_prospect (
  as_of       timestamptz not null,
  prospect_id text collate "C" not null,
  rank        bigint not null,
  -- Null where nothing can be predicted: a list drawn by lot, or by the profile alone.
  fit         double precision check (fit between 0 and 1),
  accept      double precision check (accept between 0 and 1),
  exploratory boolean not null,
  matched     jsonb not null,
  against     jsonb not null,
  nearest     jsonb not null,
  reasons     jsonb not null,
  primary key (as_of, prospect_id)
);
create index listed_prospect_by_id on listed_prospect (prospect_id, as_of);

-- What people did with prospects, in the order they did it; "reopened" takes the last back. The latest one stands.
create table prospect_action (
  action_id   bigint generated always as identity primary key,
  prospect_id text collate "C" not null,
  action      text not null check (action in ('approached', 'archived', 'signed', 'reopened')),
  acted_at    timestamptz not null
);
create index prospect_action_by_prospect on prospect_action (prospect_id, action_id);
