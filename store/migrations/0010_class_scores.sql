-- Scores that are one of several classes, each with its probability: one row per partner, model, day and version.
-- Arrays are in the order of classes. NaN sorts above everything, so that no bound lets it in.
create table class_score (
  entity_id     text collate "C" not null,
  model         text not null,
  version       text not null,
  as_of         timestamptz not null,
  horizon_days  bigint not null,
  classes       text[] not null,
  probabilities double precision[] not null check (0 <= all (probabilities) and 1 >= all (probabilities)),
  lows          double precision[] not null check (0 <= all (lows) and 1 >= all (lows)),
  highs         double precision[] not null check (0 <= all (highs) and 1 >= all (highs)),
  likeliest     text not null check (likeliest = any (classes)),
  -- What the reasons speak for, and against what.
  toward        text not null check (toward = any (classes)),
  rather_than   text not null check (rather_than = any (classes)),
  reasons       jsonb not null,
  missing       jsonb not null,
  evidence      jsonb not null,
  inputs_digest text not null,
  check (cardinality(classes) = cardinality(probabilities)),
  check (cardinality(classes) = cardinality(lows)),
  check (cardinality(classes) = cardinality(highs)),
  check (array_position(probabilities, null) is null),
  primary key (entity_id, model, as_of, version)
);
create index class_score_by_day on class_score (model, as_of, entity_id);
