-- How the rows of a load were read, so that those it refused can be tried again. Null: loaded before this was kept.
alter table load add column layout jsonb;

-- Whether raw is the row as it was: one that is too long is cut, and what cannot be stored is replaced.
alter table quarantine add column whole boolean not null default true;

-- How far a table of another database has been read. All of it is history until the end has been reached once.
create table source_position (
  source    text not null,
  target    text not null,
  relation  text not null,
  position  text not null,
  -- A trace of the rows that bear this position: others that bear it may come later, and are read then. Null: the
  -- reading has not come to its end there.
  rows_there text,
  caught_up boolean not null,
  primary key (source, target, relation)
);
