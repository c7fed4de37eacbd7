-- What a list of scores was made from, so that it can be made again: the last load that was there, the settings it
-- depends on, and the run that published it. Null: published before this was kept; run is null as well where a list was
-- asked for by itself.
alter table publication add column load_id bigint;
alter table publication add column settings jsonb;
alter table publication add column run text;

-- SHA-256, as hex, of the features that a score was made from: their names and their bits.
alter table score add column inputs_digest text;

-- Which partners a load has touched. Rows of a load lie together, so that a summary per range of pages is enough.
create index event_by_load on event using brin (load_id);
create index deal_by_load on deal using brin (load_id);
create index deal_partner_by_load on deal_partner using brin (load_id);
create index agreement_by_load on agreement using brin (load_id);
create index partner_by_load on partner using brin (load_id);
create index partner_attribute_by_load on partner_attribute using brin (load_id);
