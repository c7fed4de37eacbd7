-- Which store this is, so that what is kept beside one is never taken for another's. Whatever takes facts away, where
-- all else only adds to them, gives the store a new identity.
create table store_identity (
  identity uuid primary key default gen_random_uuid()
);
insert into store_identity default values;
