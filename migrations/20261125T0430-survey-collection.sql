-- A file of answers that ODK or KoboToolbox collected: kept while it is looked at, gone once its answers are taken.
create table survey.collection (
  id uuid primary key,
  -- Null for one's own word.
  body text,
  author text not null,
  file_name text not null,
  state text not null check (state in ('refused', 'form', 'read', 'accepting', 'accepted')),
  -- The sheets, as text; null once they are of no use.
  tables jsonb,
  -- What becomes of each row, or what the form is.
  report jsonb,
  -- Why the file could not be read, in words.
  problem text,
  job text,
  created_at timestamptz not null default clock_timestamp(),
  accepted_at timestamptz
);
create index collection_author on survey.collection (author, created_at desc);
