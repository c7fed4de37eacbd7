-- What changed, as incidents: one row per incident and week in which it was open, so that a week can be derived again
-- from what stood before it. Small: a program has few of them.
create table incident (
  incident_id text collate "C" not null,
  -- The Monday that begins the week.
  week        timestamptz not null,
  level       text not null check (level in ('feed', 'program', 'region', 'segment', 'partner')),
  entity_id   text not null,
  feed        text not null,
  metric      text not null,
  direction   smallint not null check (direction in (-1, 1)),
  kind        text not null check (kind in ('dip', 'spike', 'shift', 'silence')),
  status      text not null check (status in ('open', 'closed')),
  since       timestamptz not null,
  last_seen   timestamptz not null check (last_seen >= since),
  listed_on   timestamptz,
  observed    double precision not null,
  expected    double precision not null check (expected <> 'NaN'),
  p           double precision not null check (p between 0 and 1),
  surprise    double precision not null check (surprise between 0 and 300),
  money_minor bigint,
  currency    text,
  -- All of it, as it was derived.
  details     jsonb not null,
  primary key (incident_id, week)
);
create index incident_by_week on incident (week desc);

-- The partners in which an incident shows most.
create table incident_partner (
  partner_id  text collate "C" not null,
  incident_id text collate "C" not null,
  week        timestamptz not null,
  primary key (partner_id, incident_id, week)
);
create index incident_partner_by_week on incident_partner (week);

-- What each week came to: what was asked, found and left out.
create table incident_week (
  week        timestamptz primary key,
  as_of       timestamptz not null,
  load_id     bigint not null,
  settings    jsonb not null,
  tested      bigint not null,
  too_few     bigint not null,
  found       bigint not null,
  opened      bigint not null,
  left_out    bigint not null
);

-- What people said of an incident; the latest counts.
create table incident_feedback (
  feedback_id bigint generated always as identity primary key,
  incident_id text not null,
  verdict     text not null check (verdict in ('real', 'known_cause', 'noise')),
  given_at    timestamptz not null
);
create index incident_feedback_by_incident on incident_feedback (incident_id);
