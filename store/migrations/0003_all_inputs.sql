-- Every input of a partner program, and deals as part of the one stream of events.

-- lag_days: the row's source did not say when it became known, and it was loaded as history: each of its dates counts
-- as known so many days later, and what a date does not vouch for only from the load. Null: known_at was said, or is
-- when the row came in.
alter table partner add column lag_days double precision;
alter table agreement add column lag_days double precision;
alter table event add column lag_days double precision;

-- The key finds a partner's events; a second index only made loads slower.
drop index event_by_time;

create table partner_attribute (
  partner_id   text collate "C" not null,
  attribute_id text collate "C" not null,
  known_at     timestamptz not null,
  attribute    text not null,
  value        text not null,
  valid_from   timestamptz not null,
  source       text not null,
  content      uuid not null,
  load_id      bigint not null,
  lag_days     double precision,
  primary key (partner_id, attribute_id, known_at)
);

create table contact (
  partner_id   text collate "C" not null,
  contact_id   text collate "C" not null,
  known_at     timestamptz not null,
  role         text,
  email        text,
  time_zone    text,
  active_from  date,
  active_to    date,
  opted_out_at timestamptz,
  source       text not null,
  content      uuid not null,
  load_id      bigint not null,
  lag_days     double precision,
  primary key (partner_id, contact_id, known_at)
);

create table deal_partner (
  partner_id      text collate "C" not null,
  deal_partner_id text collate "C" not null,
  known_at        timestamptz not null,
  deal_id         text not null,
  role            text not null check (role in ('sourced', 'influenced', 'resold', 'referred', 'delivered')),
  source          text not null,
  content         uuid not null,
  load_id         bigint not null,
  lag_days        double precision,
  primary key (partner_id, deal_partner_id, known_at)
);
create index deal_partner_by_deal on deal_partner (deal_id);

create table partner_account (
  partner_id         text collate "C" not null,
  partner_account_id text collate "C" not null,
  known_at           timestamptz not null,
  account_name       text not null,
  website            text,
  country            text,
  relation           text check (relation in ('customer', 'prospect', 'opportunity')),
  source             text not null,
  content            uuid not null,
  load_id            bigint not null,
  lag_days           double precision,
  primary key (partner_id, partner_account_id, known_at)
);

-- Reference tables: on a cluster, every node has all of them.

create table deal (
  deal_id       text collate "C" not null,
  known_at      timestamptz not null,
  account_id    text,
  submitted_at  timestamptz,
  decided_at    timestamptz,
  decision      text check (decision in ('approved', 'rejected', 'withdrawn', 'expired')),
  reject_reason text,
  amount        double precision check (amount <> 'NaN' and (currency is null or amount = trunc(amount))),
  margin        double precision check (margin <> 'NaN' and (currency is null or margin = trunc(margin))),
  currency      text,
  opened_at     timestamptz,
  stage         text,
  closed_at     timestamptz,
  outcome       text check (outcome in ('open', 'won', 'lost')),
  product       text,
  source        text not null,
  content       uuid not null,
  load_id       bigint not null,
  lag_days      double precision,
  primary key (deal_id, known_at)
);

create table account (
  account_id        text collate "C" not null,
  known_at          timestamptz not null,
  name              text not null,
  website           text,
  country           text,
  industry          text,
  employees         bigint,
  parent_account_id text,
  source            text not null,
  content           uuid not null,
  load_id           bigint not null,
  lag_days          double precision,
  primary key (account_id, known_at)
);

create table subscription (
  subscription_id    text collate "C" not null,
  known_at           timestamptz not null,
  account_id         text not null,
  product            text not null,
  mrr                double precision not null check (mrr <> 'NaN' and (currency is null or mrr = trunc(mrr))),
  currency           text,
  starts_on          date not null,
  ends_on            date,
  sold_by_partner_id text,
  source             text not null,
  content            uuid not null,
  load_id            bigint not null,
  lag_days           double precision,
  primary key (subscription_id, known_at)
);

create table cost (
  cost_id    text collate "C" not null,
  known_at   timestamptz not null,
  -- Empty for what is spent on the whole program.
  partner_id text,
  kind       text check (kind in ('mdf', 'incentive', 'enablement', 'headcount', 'tools')),
  amount     double precision not null check (amount <> 'NaN' and (currency is null or amount = trunc(amount))),
  currency   text,
  month      date not null,
  source     text not null,
  content    uuid not null,
  load_id    bigint not null,
  lag_days   double precision,
  primary key (cost_id, known_at)
);

create table prospect (
  prospect_id       text collate "C" not null,
  known_at          timestamptz not null,
  name              text not null,
  website           text,
  country           text,
  industry          text,
  employees         bigint,
  technologies      text,
  found_by          text,
  approached_at     timestamptz,
  signed_partner_id text,
  source            text not null,
  content           uuid not null,
  load_id           bigint not null,
  lag_days          double precision,
  primary key (prospect_id, known_at)
);

create table market (
  market_id text collate "C" not null,
  known_at  timestamptz not null,
  segment   text not null,
  region    text not null,
  companies bigint not null,
  day       date not null,
  source    text not null,
  content   uuid not null,
  load_id   bigint not null,
  lag_days  double precision,
  primary key (market_id, known_at)
);

create table fx_rate (
  fx_rate_id text collate "C" not null,
  known_at   timestamptz not null,
  currency   text not null,
  day        date not null,
  rate       double precision not null check (rate > 0 and rate < 'Infinity'),
  source     text not null,
  content    uuid not null,
  load_id    bigint not null,
  lag_days   double precision,
  primary key (fx_rate_id, known_at)
);

-- What deals say about each of their partners, as events: a milestone is known when the first version of the deal
-- that has it was known, and shows the amount that was known then; a correction replaces it, a version without it ends
-- it. Won and lost show the amount of the version that stands. Every window is within one partner, so that a read of a
-- range of partners computes no more than these.
create view deal_event as
with partnership as (
  select partner_id, deal_id, min(case when lag_days is null then known_at else '-infinity' end) as since
  from deal_partner group by partner_id, deal_id
), milestone as (
  select partner_id, deal_id, kind, account_id, product, currency, version.known_at as version_known_at,
    case kind
      when 'deal.registered' then submitted_at
      when 'deal.approved' then case when decision = 'approved' then decided_at end
      when 'deal.rejected' then case when decision = 'rejected' then decided_at end
      when 'deal.won' then case when outcome = 'won' then closed_at end
      when 'deal.lost' then case when outcome = 'lost' then closed_at end
    end as happened_at,
    case
      when kind in ('deal.won', 'deal.lost') then amount
      when lag_days is null and closed_at is null and (kind <> 'deal.registered' or decided_at is null) then amount
    end as amount,
    since, version.known_at, lag_days
  from partnership join deal as version using (deal_id)
    cross join (values ('deal.registered'), ('deal.approved'), ('deal.rejected'), ('deal.won'), ('deal.lost')) as kinds (kind)
), dated as (
  select partner_id, deal_id, kind, account_id, product, currency, happened_at, version_known_at, amount,
    greatest(since, case when lag_days is null then known_at
      else least(known_at, happened_at + lag_days * interval '1 day') end) as known_at,
    count(happened_at) over (partition by partner_id, deal_id, kind order by version_known_at) as seen
  from milestone
), valued as (
  select partner_id, deal_id, kind, account_id, product, currency, happened_at, version_known_at, known_at,
    case when kind in ('deal.won', 'deal.lost') then amount
      else max(amount) filter (where seen = 1 and happened_at is not null) over (partition by partner_id, deal_id, kind) end as value
  from dated
), compared as (
  select *, happened_at is distinct from lag(happened_at) over versions
      or value is distinct from lag(value) over versions
      or currency is distinct from lag(currency) over versions
      or product is distinct from lag(product) over versions
      or account_id is distinct from lag(account_id) over versions as differs
  from valued
  window versions as (partition by partner_id, deal_id, kind order by known_at, version_known_at)
), replaced as (
  select *, lead(known_at) over (partition by partner_id, deal_id, kind order by known_at, version_known_at) as replaced_at
  from compared where differs
)
select partner_id, 'deal:' || deal_id || ':' || kind as event_id, happened_at, known_at, replaced_at, kind, account_id,
  deal_id, product, value, currency
from replaced where happened_at is not null;

-- One stream tells a partner's whole story: each version with the moment at which the next took its place.
create view partner_event as
select partner_id, event_id, happened_at, known_at,
  lead(known_at) over (partition by partner_id, event_id order by known_at) as replaced_at,
  kind, contact_id, account_id, deal_id, product, value, currency
from event
union all
select partner_id, event_id, happened_at, known_at, replaced_at, kind, null, account_id, deal_id, product, value, currency
from deal_event;

-- What partners were like: from inputs that say so, and from exports of the partners themselves, of which only those
-- after the first are history. What had been overwritten before the first is not known.
create view partner_attribute_history as
select partner_id, attribute, value, valid_from,
  case when lag_days is null then known_at else least(known_at, valid_from + lag_days * interval '1 day') end as known_at
from partner_attribute
union all
select partner_id, attribute, value, known_at as valid_from, known_at
from (
  select partner_id, attribute, value, seen_at as known_at,
    value is distinct from lag(value) over (partition by partner_id, attribute order by seen_at) as differs
  from (
    select partner_id, attribute, value, case when partner.lag_days is null then known_at else loaded_at end as seen_at
    from partner join load using (load_id)
      cross join lateral (values ('type', type), ('country', country), ('region', region), ('industry', industry),
        ('employees', employees::text), ('technologies', technologies), ('capacity', capacity::text), ('owner', owner),
        ('tier', tier), ('parent_partner_id', parent_partner_id)) as attributes (attribute, value)
  ) as seen
) as versions where differs;
